/** The baseline of a check as people are told it: what was executed, what failed, and how long the rest will take. */
import { chunkJobs, chunkPlace, type JobError, parseChunk } from '../lib/chunk.ts'
import { chunkCount, type ExperimentDocument } from '../lib/document.ts'
import type { Description } from '../runners/protocol.ts'
import type { ChunkDone } from '../runners/runner.ts'
import type { Variation } from './variations.ts'
import type { Execution } from './vary.ts'

export interface Baseline {
  readonly name: string
  /** Experiment hash, hex. */
  readonly experiment: string
  /** The chunks that are checked, of how many. */
  readonly chunks: readonly number[]
  readonly total: number
  readonly jobs: number
  readonly failedJobs: number
  /** The first failed job's error. */
  readonly error: JobError | null
  readonly setAside: Execution['setAside']
  readonly ms: number
  /** How long the variations take, about, ms. */
  readonly expectedMs: number
}

/** The facts of a baseline execution, and of what is to follow. */
export function baselineOf(
  { document, hash }: Description,
  first: Execution,
  chunks: readonly number[],
  variations: readonly Variation[],
): Baseline {
  const { done, setAside, ms } = first
  return {
    name: document.name,
    experiment: hash,
    chunks,
    total: chunkCount(document),
    jobs: done.reduce((jobs, { chunk }) => jobs + chunkJobs(document, chunk), 0),
    failedJobs: done.reduce((jobs, { failed }) => jobs + failed, 0),
    error: firstError(document, done),
    setAside,
    ms,
    expectedMs: expectedMs(first, variations),
  }
}

/** The error of the first job that failed in these chunks; null where none did. */
export function firstError(document: ExperimentDocument, done: readonly ChunkDone[]): JobError | null {
  const failed = done.find((chunk) => chunk.failed > 0)
  if (failed === undefined) return null
  const record = parseChunk(failed.bytes, chunkPlace(document, failed.chunk))
  const errors = 'jobs' in record ? record.jobs.flatMap((job) => ('error' in job ? [job.error] : [])) : []
  return errors[0] ?? ('failed' in record ? (record.failed[0]?.error ?? null) : null)
}

/** Each start of an engine costs what the baseline's did, and each chunk what it took then, times the slowness. */
function expectedMs({ done, ms }: Execution, variations: readonly Variation[]): number {
  const inChunks = done.reduce((sum, chunk) => sum + chunk.ms, 0)
  const start = Math.max(0, ms - inChunks)
  return variations
    .filter(({ unfit }) => unfit === null)
    .reduce((sum, { courses, slowness }) => {
      const chunks = courses.reduce((count, course) => count + course.length, 0)
      return sum + courses.length * start + slowness * inChunks * (chunks / Math.max(1, done.length))
    }, 0)
}
