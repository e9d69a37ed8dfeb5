/**
 * Equal within a tolerance: a verdict of its own, weaker than bit-equality (law 5). Two finite numbers may be apart by
 * `relative` times the larger of their sizes, or by `absolute`, whichever is more. Everything else must be exactly equal:
 * NaN, infinities, the sign of zero, texts, truth values, bigints, and which values are there at all.
 */

export interface Tolerance {
  readonly relative: number
  readonly absolute: number
}

/** How far two numbers are apart. */
export interface Deviation {
  readonly absolute: number
  /** By the larger of both sizes. */
  readonly relative: number
  /** By what is allowed: above 1 they are too far apart. */
  readonly share: number
}

/** Null where the two are not finite numbers that a tolerance can bridge. */
export function deviation(left: unknown, right: unknown, tolerance: Tolerance): Deviation | null {
  if (typeof left !== 'number' || typeof right !== 'number') return null
  if (!Number.isFinite(left) || !Number.isFinite(right) || left === right) return null
  const size = Math.max(Math.abs(left), Math.abs(right))
  const absolute = Math.abs(left - right)
  const relative = Math.abs(left / size - right / size) // so that nothing overflows
  const allowed = Math.max(tolerance.relative * size, tolerance.absolute)
  return { absolute, relative, share: absolute <= allowed ? absolute / allowed : beyond(absolute, allowed) }
}

/** Above 1, even where the quotient rounds to 1. */
function beyond(absolute: number, allowed: number): number {
  const share = absolute / allowed
  return share > 1 ? share : 1 + Number.EPSILON
}
