/**
 * Chunks: which jobs a chunk index stands for, and the chunk's bytes (FORMAT.md §6), the thing that is stored,
 * hashed and compared.
 */
import { canonical, canonicalJson, parseCanonical } from './canonical.ts'
import { type Point, pointAt } from './design.ts'
import { utf8 } from './digest.ts'
import { blockCount, chunkCount, type ExperimentDocument } from './document.ts'
import { RepriseError } from './errors.ts'
import { decode, type Json } from './values.ts'

/** Where a chunk lies in the design. */
export interface ChunkPlace {
  readonly chunk: number
  readonly pointIndex: number
  readonly point: Point
  /** First repetition of the chunk. */
  readonly first: number
  /** Number of jobs: `document.chunk`, fewer in a point's last chunk. */
  readonly jobs: number
}

/** A job's failure as the results hold it. Stacks and times are provenance and live beside it. */
export interface JobError {
  readonly name: string
  readonly message: string
}

export type JobRecord = { readonly result: Json } | { readonly error: JobError }

export type ChunkRecord =
  | { readonly chunk: number; readonly jobs: readonly JobRecord[] }
  | {
      readonly chunk: number
      readonly summary: Json
      readonly failed: readonly { readonly job: number; readonly error: JobError }[]
    }

/** The place of chunk `index`: point = ⌊index / blocks⌋, first repetition = (index mod blocks) × chunk. */
export function chunkPlace(document: ExperimentDocument, index: number): ChunkPlace {
  if (!Number.isInteger(index) || index < 0 || index >= chunkCount(document)) {
    throw new RangeError(`chunk ${index} of ${chunkCount(document)}`)
  }
  const blocks = blockCount(document)
  const pointIndex = Math.floor(index / blocks)
  const first = (index % blocks) * document.chunk
  const jobs = Math.min(document.chunk, document.repetitions - first)
  return { chunk: index, pointIndex, point: pointAt(document.design, pointIndex), first, jobs }
}

/** Number of jobs in chunk `index`, without working out its point. */
export function chunkJobs(document: ExperimentDocument, index: number): number {
  const block = index % blockCount(document)
  return Math.min(document.chunk, document.repetitions - block * document.chunk)
}

/** The canonical text of one job's record; `result` is the output of `encode`. */
export function jobText(record: JobRecord): string {
  return 'result' in record
    ? `{"result":${canonicalJson(record.result)}}`
    : `{"error":${canonical(record.error)}}`
}

/** Chunk bytes of jobs: canonical JSON of {"chunk":i,"jobs":[…]}, put together from the jobs' texts. */
export function jobsBytes(chunk: number, jobs: readonly string[]): Uint8Array {
  return utf8(`{"chunk":${chunk},"jobs":[${jobs.join(',')}]}`)
}

/** Chunk bytes of a summary: canonical JSON of {"chunk":i,"failed":[…],"summary":…}. */
export function summaryBytes(
  chunk: number,
  summary: Json,
  failed: readonly { job: number; error: JobError }[],
): Uint8Array {
  return utf8(canonicalJson({ chunk, failed, summary } as unknown as Json))
}

/** Reads chunk bytes back; anything that an engine would not have written for this place is refused. */
export function parseChunk(bytes: Uint8Array, place: ChunkPlace): ChunkRecord {
  const record = parseCanonical(bytes) as unknown as Record<string, unknown> | null
  const bad = (what: string) => new RepriseError('not-intact', what, { subject: `chunk ${place.chunk}` })
  if (typeof record !== 'object' || record === null || record.chunk !== place.chunk) {
    throw bad('these are not the bytes of this chunk')
  }
  const keys = Object.keys(record).join()
  if (keys === 'chunk,jobs' && Array.isArray(record.jobs)) {
    if (record.jobs.length !== place.jobs)
      throw bad(`holds ${record.jobs.length} jobs instead of ${place.jobs}`)
    for (const job of record.jobs) {
      const kind = typeof job === 'object' && job !== null ? Object.keys(job).join() : ''
      if (kind === 'result') decode(job.result)
      else if (kind !== 'error' || !isJobError(job.error))
        throw bad('holds a job that is neither result nor error')
    }
    return record as unknown as ChunkRecord
  }
  if (keys === 'chunk,failed,summary' && Array.isArray(record.failed)) {
    decode(record.summary)
    let last = -1
    for (const entry of record.failed) {
      const whole = typeof entry === 'object' && entry !== null && Object.keys(entry).join() === 'error,job'
      if (
        !whole ||
        !isJobError(entry.error) ||
        !(Number.isInteger(entry.job) && entry.job > last && entry.job < place.jobs)
      ) {
        throw bad('holds a malformed list of failed jobs')
      }
      last = entry.job
    }
    return record as unknown as ChunkRecord
  }
  throw bad('holds neither jobs nor a summary')
}

function isJobError(error: unknown): error is JobError {
  if (typeof error !== 'object' || error === null || Object.keys(error).join() !== 'message,name')
    return false
  const { name, message } = error as Record<string, unknown>
  return typeof name === 'string' && typeof message === 'string'
}

/** How many of a chunk's jobs failed. */
export function failedJobs(record: ChunkRecord): number {
  return 'jobs' in record ? record.jobs.filter((job) => 'error' in job).length : record.failed.length
}
