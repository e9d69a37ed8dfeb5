/**
 * The results of two runs of one experiment, chunk by chunk: which chunks differ is known from their leaves; those are read,
 * one pair at a time, and every difference is counted. A tolerance, where one is given, is judged on the way and by itself.
 */
import { type ChunkRecord, parseChunk } from '../lib/chunk.ts'
import { leafCount } from '../lib/compare.ts'
import type { Point } from '../lib/design.ts'
import { type Tallied, Tally } from '../lib/tally.ts'
import type { Tolerance } from '../lib/tolerance.ts'
import { decode } from '../lib/values.ts'
import { chunkDifferences, type Divergence, explainChunk } from '../provenance/explain.ts'
import type { Side } from './side.ts'
import { ToleranceJudge, type ToleranceVerdict } from './tolerance-judge.ts'

export interface ResultsDiff {
  readonly leftRoot: string
  readonly rightRoot: string
  /** Chunks with other bytes; null where the runs have other chunks altogether. */
  readonly chunksDiffering: number | null
  readonly chunks: number
  /** The first ones that differ. */
  readonly differing: readonly { readonly chunk: number; readonly point: Point }[]
  readonly first: Divergence | null
  readonly failedJobs: { readonly left: number; readonly right: number }
  /** What the chunks hold that differ and were read; null where none was. */
  readonly values: ValuesDiff | null
}

export interface ValuesDiff extends Tallied {
  /** Chunks that were read, and chunks that differ and were not: beyond `most`, or not at hand. */
  readonly chunksRead: number
  readonly chunksUnread: number
  readonly jobsDiffering: number
  /** Jobs with a result on one side only, since they failed on the other. */
  readonly onlyLeft: number
  readonly onlyRight: number
  /** Values of the left that were compared. */
  readonly compared: number
}

const MOST_LISTED = 20
export function diffResults(
  left: Side,
  right: Side,
  asked: { readonly most: number; readonly tolerance: Tolerance | null },
): { results: ResultsDiff; tolerance: ToleranceVerdict | null } {
  const { experiment, results, run } = left.manifest
  const about = {
    leftRoot: results.root,
    rightRoot: right.manifest.results.root,
    chunks: results.chunks,
    failedJobs: { left: run.counts.failedJobs, right: right.manifest.run.counts.failedJobs },
  }
  const comparable =
    results.chunks === right.manifest.results.chunks && experiment.hash === right.manifest.experiment.hash
  const judge = asked.tolerance === null ? null : new ToleranceJudge(asked.tolerance)
  if (!comparable) {
    const none = { chunksDiffering: null, differing: [], first: null, values: null }
    return { results: { ...about, ...none }, tolerance: judge?.none() ?? null }
  }
  const reader = new Reader(left, right, judge)
  const differing: { chunk: number; point: Point }[] = []
  let chunksDiffering = 0
  for (let chunk = 0; chunk < results.chunks; chunk++) {
    if (left.isSame(right, chunk)) continue
    chunksDiffering++
    if (differing.length < MOST_LISTED) differing.push({ chunk, point: left.place(chunk).point })
    reader.read(chunk, chunksDiffering <= asked.most)
  }
  const values = reader.sum()
  return {
    results: { ...about, chunksDiffering, differing, first: reader.first, values },
    tolerance: judge?.verdict(reader.unread) ?? null,
  }
}

/** Reads chunks that differ, and counts. */
class Reader {
  first: Divergence | null = null
  unread = 0
  readonly #left: Side
  readonly #right: Side
  readonly #judge: ToleranceJudge | null
  readonly #tally = new Tally()
  #counts = { chunksRead: 0, jobsDiffering: 0, onlyLeft: 0, onlyRight: 0, compared: 0 }

  constructor(left: Side, right: Side, judge: ToleranceJudge | null) {
    this.#left = left
    this.#right = right
    this.#judge = judge
  }

  read(chunk: number, wanted: boolean): void {
    const { document } = this.#left.manifest.experiment
    const [a, b] = wanted ? [this.#left.bytes(chunk), this.#right.bytes(chunk)] : [null, null]
    if (a === null || b === null) {
      this.unread++
      this.first ??= explainChunk(document, chunk, a, b)
      return
    }
    this.#counts.chunksRead++
    this.#counts.compared += valuesIn(parseChunk(a, this.#left.place(chunk)))
    let lastJob: number | null = null
    let oneSided = false
    for (const found of chunkDifferences(document, chunk, a, b)) {
      this.first ??= found
      if (found.job !== lastJob) {
        if (found.job !== null) this.#counts.jobsDiffering++
        lastJob = found.job
        oneSided = false
      }
      // A result against an error comes as two differences: the error's, then the result's.
      if (found.job !== null && found.path === 'error') {
        oneSided = true
        this.#counts[found.expected === null ? 'onlyLeft' : 'onlyRight']++
        this.#judge?.judge(found)
      } else if (!oneSided) {
        this.#tally.add(found.path ?? '', found.expected, found.actual)
        this.#judge?.judge(found)
      }
    }
  }

  sum(): ValuesDiff | null {
    if (this.#counts.chunksRead === 0) return null
    return { ...this.#counts, chunksUnread: this.unread, ...this.#tally.sum() }
  }
}

function valuesIn(record: ChunkRecord): number {
  if ('summary' in record) return leafCount(decode(record.summary))
  return record.jobs.reduce(
    (sum, job) => sum + leafCount('result' in job ? decode(job.result) : job.error),
    0,
  )
}
