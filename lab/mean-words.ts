/** A mean with its standard error, in as many digits as the error leaves. */
import type { Moments } from '../lib/statistics/moments.ts'

/** `0.5031 ± 0.0042`; two digits of the error, and of the mean as far as those reach. */
export function meanWords(moments: Moments | undefined): string {
  if (moments === undefined || moments.mean === null) return ''
  const { mean, standardError } = moments
  if (standardError === null || !(standardError > 0) || !Number.isFinite(mean))
    return standardError === 0 ? `${plain(mean)} ± 0` : plain(mean)
  const digits = Math.max(0, 1 - Math.floor(Math.log10(standardError)))
  if (digits > 12 || Math.abs(mean) >= 1e12) return `${mean.toPrecision(6)} ± ${standardError.toPrecision(2)}`
  const text = mean.toFixed(digits).replace(/^-(?=[0.]*$)/, '') // a zero that is left by rounding has no sign
  return `${text} ± ${standardError.toFixed(digits)}`
}

function plain(value: number): string {
  return String(Number(value.toPrecision(6)))
}
