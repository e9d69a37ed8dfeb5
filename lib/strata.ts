/**
 * Strata: an audit that takes chunks of every point, or of every environment that executed the run. A fault of one whole
 * stratum cannot escape it. What it proves of single chunks is in bound.ts.
 *
 * Every stratum gives one chunk, and the draws left over are shared out in proportion to the chunks left over, by
 * largest remainder. Then Floyd's algorithm of sample.ts draws in one stratum after the other, from one stream of numbers.
 */

import type { Drawn } from './bound.ts'
import { pointCount } from './design.ts'
import { chunkCount, type ExperimentDocument } from './document.ts'
import { RepriseError } from './errors.ts'
import { drawBelow, uniform } from './sample.ts'

/** What a sample can have chunks of each of. */
export type StratumKind = 'point' | 'engine'

/** First and last index of each stretch of chunks, ascending. */
export type Stratum = readonly (readonly [first: number, last: number])[]

/** One stratum a point, in the order of the design. */
export function pointStrata(document: ExperimentDocument): Stratum[] {
  const points = pointCount(document.design)
  const each = chunkCount(document) / points
  return Array.from({ length: points }, (_, i) => [[i * each, (i + 1) * each - 1]])
}

/**
 * One stratum an environment, in the order of the record. Throws `not-found` where the record does not tell which chunks
 * each executed, and `not-intact` where what it tells is not every chunk once.
 */
export function engineStrata(
  environments: readonly { readonly ranges?: Stratum | null }[] | undefined,
  total: number,
): Stratum[] {
  const [only, second] = environments ?? []
  if (only !== undefined && second === undefined) return [[[0, total - 1]]]
  const strata = (environments ?? []).map(({ ranges }) => ranges ?? [])
  if (strata.length === 0 || environments!.some(({ ranges }) => ranges == null)) {
    throw new RepriseError('not-found', 'the record does not tell which environment executed which chunk', {
      subject: '--stratify engine',
      remedy: 'Draw by point, or from all chunks alike',
    })
  }
  let next = 0
  for (const [first, last] of strata.flat().sort(([a], [b]) => a - b)) {
    if (first !== next || last < first) next = Number.NaN
    else next = last + 1
  }
  const ascending = strata.every((ranges) => ranges.every(([a], i) => i === 0 || a > ranges[i - 1]![1]))
  if (next === total && ascending && strata.every((ranges) => ranges.length > 0)) return strata
  throw new RepriseError('not-intact', `the ranges are not each of the ${total} chunks once, in order`, {
    subject: 'run.environments',
    remedy: 'Draw by point, or from all chunks alike',
  })
}

/** How many chunks `ranges` hold. */
export function stratumSize(ranges: Stratum): number {
  return ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0)
}

/** How many of `k` draws each stratum gets. Throws `usage` where they do not suffice for one each. */
export function allocate(k: number, sizes: readonly number[]): number[] {
  if (k < sizes.length) {
    throw new RepriseError('usage', `${k} chunks cannot be one of each of ${sizes.length} strata`, {
      subject: '--sample',
      remedy: `Draw ${sizes.length} or more`,
    })
  }
  const total = sizes.reduce((sum, size) => sum + size, 0)
  if (k >= total) return [...sizes]
  const over = BigInt(total - sizes.length)
  const parts = sizes.map((size) => BigInt(k - sizes.length) * BigInt(size - 1))
  const counts = parts.map((part) => 1 + Number(part / over))
  const left = k - counts.reduce((sum, count) => sum + count, 0)
  const order = parts.map((part, i) => ({ i, remainder: Number(part % over) }))
  order.sort((a, b) => b.remainder - a.remainder || a.i - b.i)
  for (const { i } of order.slice(0, left)) counts[i]!++
  return counts
}

/** `k` distinct chunks, ascending, of which each stratum gives its part, drawn by `entropy`. */
export function drawStratified(strata: readonly Stratum[], k: number, entropy: Uint8Array): number[] {
  const sizes = strata.map(stratumSize)
  const counts = allocate(k, sizes)
  const below = uniform(entropy)
  const drawn: number[] = []
  for (const [i, ranges] of strata.entries()) {
    for (const place of drawBelow(sizes[i]!, counts[i]!, below)) drawn.push(chunkAt(ranges, place))
  }
  return drawn.sort((a, b) => a - b)
}

/** The chunk at a place of a stratum. */
function chunkAt(ranges: Stratum, place: number): number {
  let left = place
  for (const [first, last] of ranges) {
    if (left <= last - first) return first + left
    left -= last - first + 1
  }
  throw new RangeError(`no chunk at ${place}`)
}

/** How many chunks of each stratum are in a sample (ascending). */
export function drawnOf(strata: readonly Stratum[], sample: readonly number[]): Drawn[] {
  const upTo = (chunk: number) => {
    let [low, high] = [0, sample.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (sample[middle]! <= chunk) low = middle + 1
      else high = middle
    }
    return low
  }
  return strata.map((ranges) => ({
    chunks: stratumSize(ranges),
    drawn: ranges.reduce((sum, [first, last]) => sum + upTo(last) - upTo(first - 1), 0),
  }))
}
