/**
 * The course of a pilot: what its one engine tells, kept in memory, and when that is enough. What the engine was at when time
 * was up counts too: by the jobs that were done of it, or as a chunk that takes at least so long.
 */
import { chunkJobs, type JobError } from '../lib/chunk.ts'
import type { ExperimentDocument } from '../lib/document.ts'
import type { RepriseError } from '../lib/errors.ts'
import type { ChunkDone, EngineStarted, Sink } from '../runners/runner.ts'
import { firstError } from './baseline.ts'
import { watchMemory } from './peak-memory.ts'
import { trialRefusal } from './trial.ts'

/** Where chunks are short, as many more are executed as fit into this time, ms: a first one alone says little of the others. */
const ENOUGH_MS = 1_000

export interface PilotChunk {
  readonly chunk: number
  readonly ms: number
  readonly bytes: number
  readonly failed: number
}

/** What the engine was at when time was up. */
export interface UnfinishedChunk {
  readonly chunk: number
  /** So long it was at it. */
  readonly ms: number
  /** Jobs of it that were done. */
  readonly jobs: number
  /** What the whole chunk would take, by the jobs that were done; null where none was. */
  readonly estimateMs: number | null
}

export interface Course {
  /** Chunks in their order, each as it is begun. */
  readonly chunks: Iterable<number>
  readonly sink: Sink
  /** Aborted when it is enough. */
  readonly signal: AbortSignal
  /** Time is up. */
  stop(): void
  /** It is over, however it ended. */
  close(): void
  readonly found: Found
}

export interface Found {
  readonly done: readonly PilotChunk[]
  readonly setAside: readonly { readonly chunk: number; readonly reason: string }[]
  readonly unfinished: UnfinishedChunk | null
  readonly startMs: number | null
  readonly memoryBytes: number | null
  /** The first failed job's error. */
  readonly error: JobError | null
  /** Why `run` would refuse the experiment. */
  readonly refusal: RepriseError | null
}

type Changing = { -readonly [K in keyof Found]: Found[K] } & {
  readonly done: PilotChunk[]
  readonly setAside: { chunk: number; reason: string }[]
}

/** A course that begins now, over the chunks of this order and at least so many of them. */
export function courseOver(document: ExperimentDocument, order: readonly number[], least: number): Course {
  const end = new AbortController()
  const memory = watchMemory()
  const began = performance.now()
  const found: Changing = {
    done: [],
    setAside: [],
    unfinished: null,
    startMs: null,
    memoryBytes: null,
    error: null,
    refusal: null,
  }
  let current: number | null = null
  let since: number | null = null // null where no engine is at it
  let moved: { jobs: number; ms: number } | null = null // of the current chunk, as the engine's beats say
  const next = () => {
    current = null
    since = performance.now()
    moved = null
    const { done, setAside } = found
    const spent = done.reduce((sum, { ms }) => sum + ms, 0)
    if (done.length + setAside.length >= least && (spent >= ENOUGH_MS || setAside.length > 0)) end.abort()
  }
  function* chunks(): Generator<number> {
    for (const chunk of order) {
      current = chunk
      yield chunk
    }
  }
  const take = (told: ChunkDone) => {
    memory.look()
    if (found.done.length === 0) found.refusal = trialRefusal(document, told)
    found.error ??= firstError(document, [told])
    const { chunk, ms, bytes, failed } = told
    found.done.push({ chunk, ms, bytes: bytes.length, failed })
    next()
    if (found.refusal !== null) end.abort()
  }
  const sink: Sink = {
    chunk: take,
    engine({ pid }: EngineStarted) {
      memory.follow(pid)
      since = performance.now()
      found.startMs ??= Math.round(since - began)
    },
    setAside(chunk, reason) {
      found.setAside.push({ chunk, reason })
      next()
    },
    lost() {
      since = null
      moved = null
    },
    at(_, chunk, job) {
      if (chunk !== current || since === null || job <= (moved?.jobs ?? 0)) return
      moved = { jobs: job, ms: performance.now() - since }
    },
    log() {},
    touched() {},
  }
  return {
    chunks: chunks(),
    sink,
    signal: end.signal,
    stop() {
      memory.look()
      if (current !== null && since !== null)
        found.unfinished = {
          chunk: current,
          ms: Math.round(performance.now() - since),
          jobs: moved?.jobs ?? 0,
          estimateMs:
            moved === null ? null : Math.round((moved.ms / moved.jobs) * chunkJobs(document, current)),
        }
      end.abort()
    },
    close() {
      memory.end()
      found.memoryBytes = memory.peak()
    },
    found,
  }
}
