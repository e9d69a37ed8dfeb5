/**
 * Results point by point: how many jobs are there and failed, and the mean of every numeric field with its standard error.
 * Of an unfinished run they are over what is there, and each says over how many.
 */
import { chunkJobs, chunkPlace } from '../lib/chunk.ts'
import { type Point, pointAt, pointCount } from '../lib/design.ts'
import { blockCount, type ExperimentDocument } from '../lib/document.ts'
import { type Moments, RunningMoments } from '../lib/statistics/moments.ts'
import { type Cell, type FlatRow, parameterCells, resultValues } from './columns.ts'
import type { RecordedChunks } from './recorded-chunks.ts'
import type { ResultsStore } from './results.ts'
import { chunksRows, type Row, resultRows } from './rows.ts'

export interface PointMeans {
  readonly point: Point
  /** Jobs that are there, failed ones among them, of those that were asked for. */
  readonly jobs: number
  readonly of: number
  readonly failed: number
  /** By field; `true` counts as 1 and `false` as 0, a bigint as the nearest number. Where an experiment summarises, over the summaries of chunks. */
  readonly means: Readonly<Record<string, Moments>>
}

/** Columns beside those of parameters and fields. */
const COUNTED = ['jobs', 'of', 'failed']

/** Every point of the run (of an audit: those that its sample has chunks of), in design order. */
export function* pointMeans(store: ResultsStore): Generator<PointMeans> {
  const { experiment, rerun } = store.plan()
  const { document } = experiment
  const asked = rerun?.sample == null ? null : sampledJobs(document, rerun.sample)
  yield* meansOfRows(document, resultRows(store), asked)
}

/** Every point of a sealed record whose results are at hand, in design order. */
export function recordMeans(
  experiment: { readonly document: ExperimentDocument; readonly hash: string },
  chunks: RecordedChunks,
): Generator<PointMeans> {
  return meansOfRows(experiment.document, chunksRows(experiment, chunks.chunks()), null)
}

/** `asked`: how many jobs at each point, where that is not all of them. */
function* meansOfRows(
  document: ExperimentDocument,
  rows: Iterable<Row>,
  asked: ReadonlyMap<number, number> | null,
): Generator<PointMeans> {
  const gathered = gatherPoints(document, rows)
  let next = gathered.next()
  for (let index = 0; index < pointCount(document.design); index++) {
    const of = asked === null ? document.repetitions : (asked.get(index) ?? 0)
    const here = next.done !== true && next.value.index === index ? next.value : null
    if (here !== null) next = gathered.next()
    if (of > 0) yield meansOf(pointAt(document.design, index), of, here)
  }
}

/** Jobs that are asked for at each point, by its index. */
function sampledJobs(document: ExperimentDocument, sample: readonly number[]): Map<number, number> {
  const asked = new Map<number, number>()
  for (const chunk of sample) {
    const point = Math.floor(chunk / blockCount(document))
    asked.set(point, (asked.get(point) ?? 0) + chunkJobs(document, chunk))
  }
  return asked
}

interface Gathered {
  readonly index: number
  jobs: number
  failed: number
  readonly fields: Map<string, RunningMoments>
}

/** Rows come in design order, so that only one point is held at once. */
function* gatherPoints(document: ExperimentDocument, rows: Iterable<Row>): Generator<Gathered> {
  let at: Gathered | undefined
  for (const row of rows) {
    const index = Math.floor(row.chunk / blockCount(document))
    if (at === undefined || at.index !== index) {
      if (at !== undefined) yield at
      at = { index, jobs: 0, failed: 0, fields: new Map() }
    }
    take(at, row, document)
  }
  if (at !== undefined) yield at
}

function take(at: Gathered, row: Row, document: ExperimentDocument): void {
  const isSummary = 'summary' in row
  at.jobs += isSummary ? chunkPlace(document, row.chunk).jobs : 1
  at.failed += isSummary ? row.failed.length : row.error === undefined ? 0 : 1
  for (const [name, value] of resultValues(row)) {
    if (typeof value !== 'number' && typeof value !== 'boolean' && typeof value !== 'bigint') continue
    const field = at.fields.get(name) ?? new RunningMoments()
    at.fields.set(name, field)
    field.add(Number(value))
  }
}

function meansOf(point: Point, of: number, gathered: Gathered | null): PointMeans {
  const fields = [...(gathered?.fields ?? [])].map(([name, field]) => [name, field.moments] as const)
  return {
    point,
    jobs: gathered?.jobs ?? 0,
    of,
    failed: gathered?.failed ?? 0,
    means: Object.fromEntries(fields),
  }
}

/** Means as a flat row, with three cells a field: `x.n`, `x.mean` and `x.se`. */
export function flattenMeans({ point, jobs, of, failed, means }: PointMeans): FlatRow {
  const flat: Record<string, Cell> = { ...parameterCells(point, COUNTED), jobs, of, failed }
  for (const [field, { count, mean, standardError }] of Object.entries(means)) {
    let free = field
    while (`${free}.n` in flat || `${free}.mean` in flat || `${free}.se` in flat) free = `result.${free}`
    Object.assign(flat, { [`${free}.n`]: count, [`${free}.mean`]: mean, [`${free}.se`]: standardError })
  }
  return flat
}
