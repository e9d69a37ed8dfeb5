/** Results as rows: one a job, in design order; of an experiment that summarises, one a chunk. */
import { type ChunkPlace, type ChunkRecord, chunkPlace, type JobError, parseChunk } from '../lib/chunk.ts'
import type { Point } from '../lib/design.ts'
import { fromHex, toHex } from '../lib/digest.ts'
import type { ExperimentDocument } from '../lib/document.ts'
import { chunkSeed, jobSeed } from '../lib/seed.ts'
import type { Json } from '../lib/values.ts'
import type { ResultsStore } from './results.ts'

export interface JobRow {
  readonly chunk: number
  readonly point: Point
  readonly repetition: number
  /** The job's seed, hex. */
  readonly seed: string
  /** Exactly one of these; special values are tagged (FORMAT.md §3). */
  readonly result?: Json
  readonly error?: JobError
}

export interface SummaryRow {
  readonly chunk: number
  readonly point: Point
  /** First repetition of the chunk, and how many it has. */
  readonly repetition: number
  readonly repetitions: number
  /** The chunk's seed, hex. */
  readonly seed: string
  readonly summary: Json
  readonly failed: readonly { readonly repetition: number; readonly error: JobError }[]
}

export type Row = JobRow | SummaryRow

/** A row without its seed. */
export type Outcome = Omit<JobRow, 'seed'> | Omit<SummaryRow, 'seed'>

/** Rows of all chunks that are there, ascending; of an unfinished run those that are done. Throws `not-intact`. */
export function resultRows(store: ResultsStore): Generator<Row> {
  return chunksRows(store.plan().experiment, store.chunks())
}

/** Rows of these chunks of an experiment, in their order. Throws `not-intact`. */
export function* chunksRows(
  { document, hash }: { readonly document: ExperimentDocument; readonly hash: string },
  chunks: Iterable<{ readonly chunk: number; readonly bytes: Uint8Array }>,
): Generator<Row> {
  const experiment = fromHex(hash)
  for (const { chunk, bytes } of chunks) {
    const place = chunkPlace(document, chunk)
    yield* chunkRows(place, parseChunk(bytes, place), chunkSeed(experiment, chunk))
  }
}

function* chunkRows(place: ChunkPlace, record: ChunkRecord, seed: Uint8Array): Generator<Row> {
  const { chunk, point, first } = place
  if ('summary' in record) {
    const failed = record.failed.map(({ job, error }) => ({ repetition: first + job, error }))
    yield {
      chunk,
      point,
      repetition: first,
      repetitions: place.jobs,
      seed: toHex(seed),
      summary: record.summary,
      failed,
    }
    return
  }
  for (const [j, job] of record.jobs.entries()) {
    yield { chunk, point, repetition: first + j, seed: toHex(jobSeed(seed, j)), ...job }
  }
}
