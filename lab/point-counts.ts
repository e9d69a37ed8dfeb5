/** How far a run is at each of its points, by counts that SQLite makes: no result is read. */
import { type Point, pointAt, pointCount } from '../lib/design.ts'
import { blockCount } from '../lib/document.ts'
import type { ResultsStore } from './results.ts'

export interface PointCount {
  readonly point: Point
  /** Chunks that are there, of those that were asked for. */
  readonly done: number
  readonly chunks: number
  readonly failedJobs: number
}

export interface PointCounts {
  /** In design order: the first `most` of those that are not done or have failed jobs. */
  readonly open: readonly PointCount[]
  /** How many are such, how many there are, and how many of these are done. */
  readonly openCount: number
  readonly points: number
  readonly donePoints: number
}

/** Of an audit, points that its sample has no chunk of are not counted. */
export function pointCounts(store: ResultsStore, most: number): PointCounts {
  const { experiment, rerun } = store.plan()
  const { document } = experiment
  const blocks = blockCount(document)
  const asked = rerun?.sample == null ? null : countBy(rerun.sample, (chunk) => Math.floor(chunk / blocks))
  const sql = 'SELECT chunk / ? AS point, count(*) AS done, sum(failed) AS failedJobs FROM chunks GROUP BY 1'
  const rows = store.database.prepare(sql).all(blocks) as {
    point: number
    done: number
    failedJobs: number
  }[]
  const found = new Map(rows.map((row) => [row.point, row]))
  const open: PointCount[] = []
  let [openCount, points, donePoints] = [0, 0, 0]
  for (let index = 0; index < pointCount(document.design); index++) {
    const chunks = asked === null ? blocks : (asked.get(index) ?? 0)
    if (chunks === 0) continue
    points++
    const { done = 0, failedJobs = 0 } = found.get(index) ?? {}
    if (done >= chunks) donePoints++
    if (done >= chunks && failedJobs === 0) continue
    openCount++
    if (open.length < most) open.push({ point: pointAt(document.design, index), done, chunks, failedJobs })
  }
  return { open, openCount, points, donePoints }
}

function countBy(list: readonly number[], keyOf: (one: number) => number): Map<number, number> {
  const counts = new Map<number, number>()
  for (const one of list) counts.set(keyOf(one), (counts.get(keyOf(one)) ?? 0) + 1)
  return counts
}
