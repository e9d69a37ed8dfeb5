/**
 * What a mean may be, at 95 % confidence: of numbers by Student's t, of shares by E. B. Wilson's interval (J. Am. Stat.
 * Assoc. 22 (1927) 209–212), which stays between 0 and 1 and says something where all jobs agree.
 */
import type { Moments } from './moments.ts'
import { t95, Z95 } from './student.ts'

export interface Interval {
  readonly low: number
  readonly high: number
}

/** Of the mean of numbers; null of fewer than two. */
export function meanInterval({ count, mean, standardError }: Moments): Interval | null {
  if (mean === null || standardError === null) return null
  const half = t95(count - 1) * standardError
  return { low: mean - half, high: mean + half }
}

/** Of a share, after `hits` among `count`, of which there is at least one. */
export function shareInterval(hits: number, count: number): Interval {
  const z2 = Z95 * Z95
  const middle = (hits + z2 / 2) / (count + z2)
  const half = (Z95 / (count + z2)) * Math.sqrt((hits * (count - hits)) / count + z2 / 4)
  return { low: hits === 0 ? 0 : middle - half, high: hits === count ? 1 : middle + half }
}

/** Standard deviation of the sample; null of fewer than two. */
export function deviation({ count, standardError }: Moments): number | null {
  return standardError === null ? null : standardError * Math.sqrt(count)
}
