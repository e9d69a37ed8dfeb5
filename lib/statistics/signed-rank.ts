/**
 * Wilcoxon's signed-rank test for pairs: do differences lean to one side? It is for two runs of one experiment, whose
 * jobs have the same seeds: such samples are not independent, and a test that takes them so would see too little. The
 * p-value is exact, ties included: all signs that the differences could have had are counted. Where all are of one size
 * it is the sign test (and McNemar's).
 */
import { upperTail } from './normal.ts'
import type { Tested } from './rank-sum.ts'
import { doubledRanks } from './ranks.ts'

/** Additions that an exact p-value may take: some 200 pairs. */
const MOST_WORK = 2 ** 23

/** Two-sided; differences of 0 say nothing and are left out. An infinite difference is larger than any other. */
export function signedRank(differences: readonly number[], work = MOST_WORK): Tested {
  const some = differences.filter((difference) => difference !== 0)
  const ranks = doubledRanks(some.map(Math.abs))
  const total = ranks.reduce((sum, rank) => sum + rank, 0)
  const positive = ranks.reduce((sum, rank, i) => sum + (some[i]! > 0 ? rank : 0), 0)
  if (some.length === 0) return { p: 1, exact: true }
  if (some.length * total > work) {
    const squares = ranks.reduce((sum, rank) => sum + (rank / 2) ** 2, 0)
    const away = Math.abs(positive - total / 2) / 2 - 0.5
    return { p: away <= 0 ? 1 : Math.min(1, 2 * upperTail(away / Math.sqrt(squares / 4))), exact: false }
  }
  const share = new Float64Array(total + 1) // of all signs, by the sum of the positive ranks
  share[0] = 1
  let reach = 0
  for (const rank of ranks) {
    reach += rank
    for (let s = reach; s >= 0; s--) share[s] = (share[s]! + (s >= rank ? share[s - rank]! : 0)) / 2
  }
  const smaller = Math.min(positive, total - positive) // the distribution is symmetric
  return { p: Math.min(1, 2 * share.slice(0, smaller + 1).reduce((sum, one) => sum + one, 0)), exact: true }
}
