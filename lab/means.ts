/**
 * Results point by point: how many jobs are there and failed, and the mean of every numeric field with its standard error.
 * Of an unfinished run they are over what is there, and each says over how many.
 */
import { chunkJobs } from '../lib/chunk.ts'
import { type Point, pointAt, pointCount } from '../lib/design.ts'
import { blockCount, type ExperimentDocument } from '../lib/document.ts'
import type { Moments } from '../lib/statistics/moments.ts'
import { type Cell, type FlatRow, parameterCells } from './columns.ts'
import { chunkOutcomes, type PointTally, pointTallies } from './outcomes.ts'
import type { RecordedChunks } from './recorded-chunks.ts'
import type { ResultsStore } from './results.ts'
import type { Outcome } from './rows.ts'

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
  yield* outcomeMeans(document, chunkOutcomes(document, store.chunks()), asked)
}

/** Every point of a sealed record whose results are at hand, in design order. */
export function recordMeans(
  { document }: { readonly document: ExperimentDocument },
  chunks: RecordedChunks,
): Generator<PointMeans> {
  return outcomeMeans(document, chunkOutcomes(document, chunks.chunks()))
}

/** Every point, from outcomes in design order. `asked`: how many jobs at each point, where that is not all of them. */
export function* outcomeMeans(
  document: ExperimentDocument,
  outcomes: Iterable<Outcome>,
  asked: ReadonlyMap<number, number> | null = null,
): Generator<PointMeans> {
  const gathered = pointTallies(document, outcomes)
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

function meansOf(point: Point, of: number, gathered: PointTally | null): PointMeans {
  const fields = [...(gathered?.fields ?? [])].map(([name, field]) => [name, field.running.moments] as const)
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
