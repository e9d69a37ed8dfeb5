/**
 * The rank-sum test of Wilcoxon, Mann and Whitney: does one sample tend to larger values than the other? Nothing is
 * assumed of the distributions. The p-value is exact, ties included: every way to draw the smaller sample's ranks from
 * all of them is counted, by dynamic programming. Where that would be too much the normal approximation stands in, and
 * says so.
 */
import { upperTail } from './normal.ts'
import { doubledRanks, tieSizes } from './ranks.ts'

/** A p-value, and whether it is exact. */
export interface Tested {
  readonly p: number
  readonly exact: boolean
}

/** Additions that an exact p-value may take: some 40 values a side. */
const MOST_WORK = 2 ** 23

/** Two-sided: twice the smaller tail. */
export function rankSum(left: readonly number[], right: readonly number[], work = MOST_WORK): Tested {
  const [m, n] = [left.length, right.length]
  if (m === 0 || n === 0) return { p: 1, exact: true }
  if (m > n) return rankSum(right, left, work)
  const ranks = doubledRanks([...left, ...right])
  const unit = ranks.every((rank) => rank % 2 === 0) ? 2 : 1
  const whole = ranks.map((rank) => rank / unit)
  const observed = sum(whole.slice(0, m))
  const most = sum(whole.toSorted((a, b) => b - a).slice(0, m))
  if (m * (m + n) * most > work) return { p: approximate((observed * unit) / 2, m, n, ranks), exact: false }
  const ways = subsetSums(whole, m, most)
  const [all, below, above] = [sum(ways), sum(ways.slice(0, observed + 1)), sum(ways.slice(observed))]
  return { p: Math.min(1, (2 * Math.min(below, above)) / all), exact: true }
}

/** In how many ways `m` of the ranks add up to each sum. */
function subsetSums(ranks: readonly number[], m: number, most: number): Float64Array {
  const width = most + 1
  const ways = new Float64Array((m + 1) * width)
  ways[0] = 1
  for (const [i, rank] of ranks.entries()) {
    for (let taken = Math.min(m, i + 1); taken > 0; taken--) {
      const [to, from] = [taken * width, (taken - 1) * width]
      for (let s = most; s >= rank; s--) ways[to + s]! += ways[from + s - rank]!
    }
  }
  return ways.slice(m * width)
}

/** Normal, corrected for ties and continuity. */
function approximate(observed: number, m: number, n: number, ranks: readonly number[]): number {
  const all = m + n
  const ties = sum(tieSizes(ranks).map((t) => t * (t * t - 1))) / (all * (all - 1))
  const variance = ((m * n) / 12) * (all + 1 - ties)
  const away = Math.abs(observed - (m * (all + 1)) / 2) - 0.5
  return variance <= 0 || away <= 0 ? 1 : Math.min(1, 2 * upperTail(away / Math.sqrt(variance)))
}

function sum(values: Iterable<number>): number {
  let total = 0
  for (const value of values) total += value
  return total
}
