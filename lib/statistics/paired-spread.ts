/**
 * Differences that lean to no side: values that scatter more on one side than on the other. Within a pair either value could
 * have come from either run where nothing differs, so the distances from the middle of all values are pairs too, and the
 * signed-rank test holds for them, exactly. Bigints are compared exactly.
 */
import { inOrder } from './ranks.ts'

export type Numeric = number | bigint

export function isNumeric(value: unknown): value is Numeric {
  return typeof value === 'number' || typeof value === 'bigint'
}

/** From one value to the other, 0 only where they are equal; beyond every number where one of them is not finite. */
export function exactStep(from: Numeric, to: Numeric): number {
  const way = inOrder(to, from)
  if (way === 0) return 0
  if (typeof from === 'bigint' && typeof to === 'bigint') return Number(to - from)
  const [a, b] = [Number(from), Number(to)]
  if (!Number.isFinite(a) || !Number.isFinite(b)) return way * Number.POSITIVE_INFINITY
  return way * Math.max(Math.abs(b - a), Number.MIN_VALUE)
}

/** By how much each right value lies farther from the middle than its left one; null where that is nothing to test. */
export function spreadSteps(pairs: readonly (readonly [Numeric, Numeric])[]): number[] | null {
  const sorted = pairs.flat().sort(inOrder)
  const isVaried = sorted.filter((value, i) => i === 0 || inOrder(sorted[i - 1]!, value) !== 0).length > 2
  if (!isVaried) return null // two values lean, and that is all they do
  const [low, high] = [sorted[(sorted.length - 1) >> 1]!, sorted[sorted.length >> 1]!]
  const steps = pairs.map(([a, b]) => exactStep(distance(a, low, high), distance(b, low, high)))
  return steps.every((step) => step === 0) ? null : steps
}

/** Twice the distance from the middle between two numbers. NaN is farther away than anything. */
function distance(value: Numeric, low: Numeric, high: Numeric): Numeric {
  if (typeof value === 'bigint' && typeof low === 'bigint' && typeof high === 'bigint') {
    const twice = 2n * value - (low + high)
    return twice < 0n ? -twice : twice
  }
  const far = Math.abs(Number(value) - Number(low) + (Number(value) - Number(high)))
  return Number.isNaN(Number(value)) ? Number.NaN : Number.isNaN(far) ? 0 : far
}

/** The place of each value among all that are different. */
export function ordinals(values: readonly Numeric[]): number[] {
  const order = values.map((_, i) => i).sort((i, j) => inOrder(values[i]!, values[j]!))
  const places = new Array<number>(values.length)
  let place = 0
  for (const [at, i] of order.entries()) {
    if (at > 0 && inOrder(values[order[at - 1]!]!, values[i]!) !== 0) place++
    places[i] = place
  }
  return places
}
