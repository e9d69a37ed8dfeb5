/**
 * Student's t: how many standard errors to each side of a mean hold 95 % of what it may be. The distribution for whole
 * degrees of freedom is a finite sum (Abramowitz and Stegun, 26.7.3 and 26.7.4), which is turned around by halving; where
 * it grows long, the expansion by degrees of freedom (26.7.5) is right to the last digits.
 */
import { upperQuantile } from './normal.ts'

/** Degrees of freedom from which the expansion is taken. */
const MANY = 400
const known = new Map<number, number>()

/** The t that |T| stays below with 95 % probability, for whole degrees of freedom from 1 on. */
export function t95(freedom: number): number {
  if (freedom >= MANY) return expanded(freedom)
  const found = known.get(freedom) ?? searched(freedom)
  known.set(freedom, found)
  return found
}

function searched(freedom: number): number {
  let [low, high] = [1.9, 13]
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (within(middle, freedom) < 0.95) low = middle
    else high = middle
  }
  return high
}

/** The probability that |T| is at most `t`. */
export function within(t: number, freedom: number): number {
  const angle = Math.atan(t / Math.sqrt(freedom))
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)]
  const isOdd = freedom % 2 === 1
  let term = isOdd ? cosine : 1
  let sum = freedom === 1 ? 0 : term
  for (let k = isOdd ? 3 : 2; k < freedom; k += 2) {
    term *= ((k - 1) / k) * cosine * cosine
    sum += term
  }
  return isOdd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum
}

function expanded(freedom: number): number {
  const x = Z95
  const terms = [
    (x ** 3 + x) / 4,
    (5 * x ** 5 + 16 * x ** 3 + 3 * x) / 96,
    (3 * x ** 7 + 19 * x ** 5 + 17 * x ** 3 - 15 * x) / 384,
    (79 * x ** 9 + 776 * x ** 7 + 1482 * x ** 5 - 1920 * x ** 3 - 945 * x) / 92_160,
  ]
  return terms.reduce((sum, term, i) => sum + term / freedom ** (i + 1), x)
}

/** The same of the normal distribution: 1.95996… */
export const Z95: number = upperQuantile(0.025)
