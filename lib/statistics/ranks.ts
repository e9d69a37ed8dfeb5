/**
 * Ranks of values, ties sharing the mean of theirs. They are kept doubled, so that all are whole numbers and sums of them
 * exact. NaN comes after every number, and 0 and -0 are one value.
 */

/** What `sort` takes: numbers ascending, NaN last. A bigint is compared exactly, with numbers too. */
export function inOrder(a: number | bigint, b: number | bigint): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
  return a < b ? -1 : Number(a > b)
}

/** Twice the rank of each value among all of them, from 2. */
export function doubledRanks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((i, j) => inOrder(values[i]!, values[j]!))
  const ranks = new Array<number>(values.length)
  for (let from = 0; from < order.length; ) {
    const to = tieEnd(order, from, (a, b) => inOrder(values[a]!, values[b]!) === 0)
    for (let i = from; i < to; i++) ranks[order[i]!] = from + 1 + to
    from = to
  }
  return ranks
}

/** Sizes of the groups of equal ranks. */
export function tieSizes(ranks: readonly number[]): number[] {
  const sizes = new Map<number, number>()
  for (const rank of ranks) sizes.set(rank, (sizes.get(rank) ?? 0) + 1)
  return [...sizes.values()]
}

function tieEnd(order: readonly number[], from: number, same: (a: number, b: number) => boolean): number {
  let to = from + 1
  while (to < order.length && same(order[from]!, order[to]!)) to++
  return to
}
