/**
 * What chunks say, point by point: jobs, failures, and of each numeric field its moments. It is pure, so that a page in a
 * browser computes the same numbers from the same bytes.
 */
import { chunkPlace, type JobError, parseChunk } from '../lib/chunk.ts'
import { blockCount, type ExperimentDocument } from '../lib/document.ts'
import { RunningMoments } from '../lib/statistics/moments.ts'
import type { Json } from '../lib/values.ts'
import { resultValues } from './columns.ts'
import type { Outcome } from './rows.ts'

/** A field at a point. */
export class FieldTally {
  readonly running = new RunningMoments()
  /** Whether each value was 0 or 1 so far: then its mean is a share. */
  isShare = true
  /** The values, in order; null where they are not kept. */
  readonly values: number[] | null

  constructor(keep: boolean) {
    this.values = keep ? [] : null
  }

  add(value: number): void {
    this.running.add(value)
    this.isShare &&= value === 0 || value === 1
    this.values?.push(value)
  }
}

export interface PointTally {
  readonly index: number
  jobs: number
  failed: number
  readonly fields: Map<string, FieldTally>
}

/** Outcomes come in design order, so that only one point is held at once; with `keep` it holds its values too. */
export function* pointTallies(
  document: ExperimentDocument,
  outcomes: Iterable<Outcome>,
  keep = false,
): Generator<PointTally> {
  const blocks = blockCount(document)
  let at: PointTally | undefined
  for (const outcome of outcomes) {
    const index = Math.floor(outcome.chunk / blocks)
    if (at === undefined || at.index !== index) {
      if (at !== undefined) yield at
      at = { index, jobs: 0, failed: 0, fields: new Map() }
    }
    take(at, outcome, document, keep)
  }
  if (at !== undefined) yield at
}

function take(at: PointTally, outcome: Outcome, document: ExperimentDocument, keep: boolean): void {
  const isSummary = 'summary' in outcome
  at.jobs += isSummary ? chunkPlace(document, outcome.chunk).jobs : 1
  at.failed += isSummary ? outcome.failed.length : outcome.error === undefined ? 0 : 1
  for (const [name, value] of resultValues(outcome)) {
    if (typeof value !== 'number' && typeof value !== 'boolean' && typeof value !== 'bigint') continue
    const field = at.fields.get(name) ?? new FieldTally(keep)
    at.fields.set(name, field)
    field.add(Number(value))
  }
}

/** Outcomes of these chunks: their rows but for the seeds, which take their time. Throws `not-intact`. */
export function* chunkOutcomes(
  document: ExperimentDocument,
  chunks: Iterable<{ readonly chunk: number; readonly bytes: Uint8Array }>,
): Generator<Outcome> {
  for (const { chunk, bytes } of chunks) {
    const place = chunkPlace(document, chunk)
    const { point, first, jobs } = place
    const record = parseChunk(bytes, place)
    if ('summary' in record) {
      const failed = record.failed.map(({ job, error }) => ({ repetition: first + job, error }))
      yield { chunk, point, repetition: first, repetitions: jobs, summary: record.summary, failed }
    } else {
      for (const [j, job] of record.jobs.entries())
        yield { chunk, point, repetition: first + j, ...(job as { result?: Json; error?: JobError }) }
    }
  }
}
