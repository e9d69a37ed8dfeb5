/** What is told of a field at a point: its mean with what it may be, and how many digits of that mean something. */
import { count } from '../../lab/words.ts'
import { deviation, type Interval, meanInterval, shareInterval } from '../../lib/statistics/interval.ts'
import { type Field, momentsAt } from './model.ts'
import type { Spread } from './view.ts'

export interface Estimate {
  readonly count: number
  readonly mean: number | null
  readonly deviation: number | null
  readonly standardError: number | null
  /** 95 %: of numbers by Student's t, of shares by Wilson's score. */
  readonly interval: Interval | null
}

export function estimateAt(field: Field, index: number): Estimate {
  const moments = momentsAt(field, index)
  const { count: n, mean, standardError } = moments
  const interval =
    field.isShare && mean !== null ? shareInterval(Math.round(mean * n), n) : meanInterval(moments)
  return { count: n, mean, deviation: deviation(moments), standardError, interval }
}

/** The ends of the bar around a mean; null where there is none. */
export function barOf(
  { mean, interval, standardError, deviation }: Estimate,
  spread: Spread,
): Interval | null {
  if (mean === null) return null
  const half = spread === 'se' ? standardError : deviation
  const bar = spread === 'ci' ? interval : half === null ? null : { low: mean - half, high: mean + half }
  return bar === null || !Number.isFinite(bar.low) || !Number.isFinite(bar.high) ? null : bar
}

/** A number in so many digits; a large whole one in all of its own: 0.50312, 1,204, 3.2e-9. */
export function numberWords(value: number | null, digits = 5): string {
  if (value === null) return '–'
  if (!Number.isFinite(value)) return String(value)
  const rounded = Number(value.toPrecision(digits))
  const size = Math.abs(rounded)
  if (size !== 0 && (size >= 1e9 || size < 1e-4)) return value.toExponential(Math.max(0, digits - 1))
  if (size >= 10 ** (digits - 1)) return `${rounded < 0 ? '−' : ''}${count(Math.abs(Math.round(value)))}`
  return (rounded === 0 ? 0 : value).toPrecision(digits).replace(/\.0+$/, '').replace('-', '−')
}
