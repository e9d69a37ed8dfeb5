/**
 * Where every seed comes from (FORMAT.md §5). Law 2: a seed depends on the experiment hash, the chunk index and
 * the job's place in the chunk; never on an attempt, a worker or a clock.
 *
 * Why hashes and not `seed + i`: neighbouring integers seed neighbouring experiments with shared streams (the
 * mistake of several well-known tools). Why 256 bits: with 32-bit seeds 10^6 jobs expect 116 collisions; with
 * 256 bits the chance of any collision among 10^18 jobs is below 10^-41. Why a domain each: a job's seed, a
 * stream's and a shared stream's are never equal, whatever labels the user picks.
 */
import { hash, u32be, u64be, utf8 } from './digest.ts'

/** Seed of a chunk, 32 bytes. */
export function chunkSeed(experimentHash: Uint8Array, chunk: number): Uint8Array {
  return hash('reprise/chunk-seed/1', experimentHash, u64be(chunk))
}

/** Seed of the j-th job of a chunk, 32 bytes. */
export function jobSeed(chunkSeed: Uint8Array, j: number): Uint8Array {
  return hash('reprise/job-seed/1', chunkSeed, u32be(j))
}

/** Seed of a named stream of a job (or, in `setup`, of a chunk: then `owner` is the chunk's seed), 32 bytes. */
export function streamSeed(owner: Uint8Array, label: string): Uint8Array {
  return hash('reprise/stream-seed/1', owner, utf8(label))
}

/**
 * Seed of a stream that all points with equal `factors` meet at the same repetition (common random numbers).
 * `factors` is the canonical JSON of the object of the named factors.
 */
export function sharedSeed(
  experimentHash: Uint8Array,
  label: string,
  factors: Uint8Array,
  repetition: number,
): Uint8Array {
  return hash('reprise/shared-seed/1', experimentHash, utf8(label), factors, u64be(repetition))
}

/** `Math.random` draws from the stream of this label: of the job, or in `setup` and `summarise` of the chunk. */
export const CHANCE = 'Math.random'
