/**
 * Smirnov's test (the two-sample Kolmogorov–Smirnov test): are the distributions the same in every respect? It sees a
 * change of spread or shape that leaves the ranks' sum alone. The p-value is exact, ties included: of all orders in which
 * the pooled values could have come from the two samples, it is the share whose distribution functions are at least so far
 * apart somewhere, by dynamic programming without any subtraction, so that it is precise however small.
 */
import type { Tested } from './rank-sum.ts'
import { inOrder } from './ranks.ts'

/** Steps that an exact p-value may take: some 2,000 values a side. */
const MOST_WORK = 2 ** 22

export function smirnov(left: readonly number[], right: readonly number[], work = MOST_WORK): Tested {
  const [m, n] = [left.length, right.length]
  if (m === 0 || n === 0) return { p: 1, exact: true }
  const [a, b] = [left.toSorted(inOrder), right.toSorted(inOrder)]
  const isEnd = new Uint8Array(m + n + 1) // by how many values lie below or at a place: whether no tie is cut there
  let distance = 0
  for (let i = 0, j = 0; i < m || j < n; ) {
    const next = j >= n || (i < m && inOrder(a[i]!, b[j]!) <= 0) ? a[i]! : b[j]!
    while (i < m && inOrder(a[i]!, next) === 0) i++
    while (j < n && inOrder(b[j]!, next) === 0) j++
    isEnd[i + j] = 1
    distance = Math.max(distance, Math.abs(i * n - j * m))
  }
  if (distance === 0) return { p: 1, exact: true }
  if (m * n > work) return { p: limit((distance / (m * n)) * Math.sqrt((m * n) / (m + n))), exact: false }
  return { p: reached(m, n, distance, isEnd), exact: true }
}

/** The share of all orders in which, at a place that cuts no tie, i of one and j of the other are so far apart. */
function reached(m: number, n: number, distance: number, isEnd: Uint8Array): number {
  const share = new Float64Array(n + 1)
  for (let i = 0; i <= m; i++) {
    for (let j = 0; j <= n; j++) {
      if (isEnd[i + j] === 1 && Math.abs(i * n - j * m) >= distance) share[j] = 1
      else if (i + j === 0) share[j] = 0
      else share[j] = (i * share[j]! + (j === 0 ? 0 : j * share[j - 1]!)) / (i + j)
    }
  }
  return Math.min(1, share[n]!)
}

/** Kolmogorov's limit for large samples; with ties it is too large rather than too small. */
function limit(lambda: number): number {
  let p = 0
  for (let k = 1; k <= 100; k++) {
    const term = 2 * Math.exp(-2 * k * k * lambda * lambda)
    p += k % 2 === 1 ? term : -term
    if (term < 1e-18 * p) break
  }
  return Math.min(1, Math.max(0, p))
}
