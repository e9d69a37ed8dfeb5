/**
 * What a whole run will take, extrapolated from a pilot: time and core-hours where its engines are to be, tasks, bytes to
 * move and to keep, memory. Plain arithmetic, so that anybody can do it again; what it takes for granted is said beside it.
 */
import { pointCount } from '../lib/design.ts'
import { blockCount, chunkCount, jobCount } from '../lib/document.ts'
import { moneyOf } from '../runners/cloud/prices.ts'
import { keptBytes } from './kept-bytes.ts'
import { chunkMsOf, chunkTimes, type Pilot } from './pilot.ts'
import { hasTasks, type Place } from './places.ts'
import { type Tasks, tasksOf } from './task-forecast.ts'

/** What a chunk's bytes are wrapped in on their way: lengths, digest, engine, time. */
const WRAPPING_BYTES = 250

/** How long a chunk takes, as far as the pilot saw. All that follows from it is a lower bound where `atLeast`. */
export interface ChunkTime {
  readonly meanMs: number
  readonly leastMs: number
  readonly mostMs: number
  /** Chunks that it is the mean of, and how many points of the design these are at. */
  readonly chunks: number
  readonly points: number
  /** Some chunk took longer than there was time for. */
  readonly atLeast: boolean
}

export interface Forecast {
  readonly points: number
  readonly jobs: number
  readonly chunks: number
  /** Null where not even one chunk was begun. */
  readonly chunkTime: ChunkTime | null
  /** Time of cores that are kept busy or waiting, ms; null where nothing is known. */
  readonly coreMs: number | null
  /** What that costs; null where nothing is known, or there are no prices. */
  readonly money: { readonly amount: number; readonly currency: string } | null
  /** The same if all chunks were as short, or as long, as the shortest and the longest of the pilot. */
  readonly coreMsBetween: readonly [number, number] | null
  /** From the first engine's start to the last chunk, ms, without waiting in a queue. */
  readonly wallMs: number | null
  /** Where a scheduler starts the engines. */
  readonly tasks: Tasks | null
  readonly bytes: Bytes
  /** Of all engines that share this machine, or a task, bytes; null where it is not known. */
  readonly memoryBytes: number | null
}

/** About; null where the pilot has no chunk to tell by. */
export interface Bytes {
  readonly capsule: number
  readonly inputs: number
  /** Our own programs. */
  readonly program: number
  /** To all hosts together that have none of it yet. */
  readonly there: number
  readonly back: number | null
  /** All chunks, as they are hashed. */
  readonly results: number | null
  /** The results as the lab keeps them. */
  readonly kept: number | null
  /** The largest chunk of the pilot. */
  readonly largestChunk: number | null
}

/** What a run of the pilot's experiment takes at this place, to which `program` bytes of ours go as well. */
export function forecast(pilot: Pilot, place: Place, program: number): Forecast {
  const { document } = pilot
  const [chunks, jobs] = [chunkCount(document), jobCount(document)]
  const chunkTime = chunkTimeOf(pilot)
  const startMs = pilot.startMs ?? 0
  const tasks =
    chunkTime === null || !hasTasks(place) ? null : tasksOf(place, chunks, chunkTime.meanMs, startMs)
  // A point's last chunk may be shorter, and takes so much less.
  const whole = jobs / pilot.jobsEach
  const starts = tasks === null ? Math.min(place.engines, chunks) : tasks.count * place.engines
  const coresPerEngine = hasTasks(place) ? Math.max(1, place.cpus / place.engines) : 1
  const { prices } = place
  const coreMs = (chunkMs: number) => Math.round(coresPerEngine * (whole * chunkMs + starts * startMs))
  return {
    points: pointCount(document.design),
    jobs,
    chunks,
    chunkTime,
    coreMs: chunkTime === null ? null : coreMs(chunkTime.meanMs),
    money:
      chunkTime === null || prices === undefined
        ? null
        : { amount: moneyOf(coreMs(chunkTime.meanMs), prices), currency: prices.currency },
    coreMsBetween: chunkTime === null ? null : [coreMs(chunkTime.leastMs), coreMs(chunkTime.mostMs)],
    wallMs:
      chunkTime === null
        ? null
        : (tasks?.wallMs ?? Math.round(startMs + Math.ceil(chunks / place.engines) * chunkTime.meanMs)),
    tasks,
    bytes: bytesOf(pilot, chunks, whole, place.kind === 'local' ? 0 : place.hosts, program),
    memoryBytes:
      pilot.memoryBytes === null || place.kind === 'ssh'
        ? null
        : pilot.memoryBytes * Math.min(place.engines, chunks),
  }
}

function chunkTimeOf(pilot: Pilot): ChunkTime | null {
  const meanMs = chunkMsOf(pilot)
  if (meanMs === null) return null
  const { ms, chunks, atLeast } = chunkTimes(pilot)
  const blocks = blockCount(pilot.document)
  return {
    meanMs,
    leastMs: Math.min(...ms),
    mostMs: Math.max(...ms),
    chunks: chunks.length,
    points: new Set(chunks.map((chunk) => Math.floor(chunk / blocks))).size,
    atLeast,
  }
}

function bytesOf(pilot: Pilot, chunks: number, whole: number, hosts: number, program: number): Bytes {
  const { capsuleBytes, inputBytes, done } = pilot
  const sizes = done.map(({ bytes }) => bytes)
  const mean = sizes.length === 0 ? null : sizes.reduce((sum, size) => sum + size, 0) / sizes.length
  const results = mean === null ? null : Math.round(mean * whole)
  return {
    capsule: capsuleBytes,
    inputs: inputBytes,
    program,
    there: hosts * (capsuleBytes + inputBytes + program),
    back: results === null || hosts === 0 ? (hosts === 0 ? 0 : null) : results + chunks * WRAPPING_BYTES,
    results,
    kept: results === null ? null : keptBytes(chunks, results / chunks, capsuleBytes),
    largestChunk: sizes.length === 0 ? null : Math.max(...sizes),
  }
}
