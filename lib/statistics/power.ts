/**
 * What tests of this size can see at all: the least p-value that they could have given, and the shift of a normal
 * distribution that they would find four times of five. Without these, "no difference was found" says nothing.
 */
import { upperQuantile } from './normal.ts'

/** Four of five. */
const POWER = 0.2

/** The least two-sided p-value of two samples: all of one below all of the other. */
export function leastP(left: number, right: number): number {
  let p = 2
  for (let k = 1; k <= Math.min(left, right); k++) p *= k / (Math.max(left, right) + k)
  return Math.min(1, p)
}

/** The least two-sided p-value of so many pairs: all lean to one side. */
export function leastPairedP(pairs: number): number {
  return Math.min(1, 2 / 2 ** pairs)
}

/** The shift in standard deviations that the rank-sum test finds with a power of 80 % at `level`. */
export function visibleShift(left: number, right: number, level: number): number {
  return spread(level) * Math.sqrt((left + right) / (left * right))
}

/** The same for pairs, in standard deviations of their differences. */
export function visiblePairedShift(pairs: number, level: number): number {
  return spread(level) / Math.sqrt(pairs)
}

/** 3/π is the efficiency of ranks for a normal distribution. */
function spread(level: number): number {
  return (upperQuantile(level / 2) + upperQuantile(POWER)) * Math.sqrt(Math.PI / 3)
}
