/**
 * The standard normal distribution: its upper tail, with full relative precision far out too, where corrected p-values lie,
 * and its quantiles.
 */

/** Where the continued fraction takes over from the series; it has settled there after so many terms. */
const FAR = 2.5
const TERMS = 200

/** The probability of more than `z`. */
export function upperTail(z: number): number {
  if (Number.isNaN(z)) return Number.NaN
  if (z < 0) return 1 - upperTail(-z)
  const density = Math.exp(-(z * z) / 2) / Math.sqrt(2 * Math.PI)
  if (z < FAR) {
    let [term, sum] = [z, z]
    for (let k = 3; term > sum * Number.EPSILON; k += 2) {
      term *= (z * z) / k
      sum += term
    }
    return 0.5 - density * sum
  }
  let fraction = z
  for (let k = TERMS; k > 0; k--) fraction = z + k / fraction
  return density / fraction
}

/** The `z` that is exceeded with probability `p`, above 0 and at most a half. */
export function upperQuantile(p: number): number {
  let [low, high] = [0, 40]
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2
    if (upperTail(middle) > p) low = middle
    else high = middle
  }
  return high
}
