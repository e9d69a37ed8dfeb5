/**
 * sinh, cosh, tanh and their inverses, after FreeBSD's msun (e_sinh.c, e_cosh.c, s_tanh.c, s_asinh.c, e_acosh.c,
 * e_atanh.c): made of exp, expm1, log and log1p, whose errors add up to as much as two units in the last place.
 */
/*!
 * Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
 * Developed at SunPro, a Sun Microsystems, Inc. business. Permission to use, copy, modify, and distribute this
 * software is freely granted, provided that this notice is preserved.
 */
import { exp, expm1, scaledExp } from './exp.ts'
import { log, log1p } from './log.ts'

const { LN2 } = Math
const SMALL = 3.725290298461914e-9 // 2^-28
const LARGE = 268435456 // 2^28

/** The hyperbolic sine. */
export const sinh = (x: number): number => {
  const size = x < 0 ? -x : x
  if (size < SMALL) return x
  const half = x < 0 ? -0.5 : 0.5
  if (size < 22) {
    const t = expm1(size)
    if (size < 1) return half * (2 * t - (t * t) / (t + 1))
    return half * (t + t / (t + 1))
  }
  const result = scaledExp(size, -1)
  return x < 0 ? -result : result
}

/** The hyperbolic cosine. */
export const cosh = (x: number): number => {
  const size = x < 0 ? -x : x
  if (size < 0.34657359027997264) {
    const t = expm1(size)
    const w = 1 + t
    return 1 + (t * t) / (w + w)
  }
  if (size < 22) {
    const t = exp(size)
    return 0.5 * t + 0.5 / t
  }
  return scaledExp(size, -1)
}

/** The hyperbolic tangent. */
export const tanh = (x: number): number => {
  const size = x < 0 ? -x : x
  if (size < SMALL) return x
  let result: number
  if (size < 1) {
    const t = expm1(-2 * size)
    result = -t / (t + 2)
  } else if (size < 22) result = 1 - 2 / (expm1(2 * size) + 2)
  else result = Number.isNaN(size) ? NaN : 1
  return x < 0 ? -result : result
}

/** The inverse of sinh. */
export const asinh = (x: number): number => {
  const size = x < 0 ? -x : x
  if (!(size >= SMALL)) return x // ±0, NaN too
  let result: number
  if (size > LARGE) result = log(size) + LN2
  else if (size > 2) result = log(2 * size + 1 / (Math.sqrt(size * size + 1) + size))
  else {
    const square = size * size
    result = log1p(size + square / (1 + Math.sqrt(1 + square)))
  }
  return x < 0 ? -result : result
}

/** The inverse of cosh, not below zero. */
export const acosh = (x: number): number => {
  if (!(x >= 1)) return NaN
  if (x >= LARGE) return log(x) + LN2
  if (x > 2) return log(2 * x - 1 / (x + Math.sqrt(x * x - 1)))
  const t = x - 1
  return log1p(t + Math.sqrt(2 * t + t * t))
}

/** The inverse of tanh. */
export const atanh = (x: number): number => {
  const size = x < 0 ? -x : x
  if (!(size < 1)) return size === 1 ? x / 0 : NaN
  if (size < SMALL) return x
  const twice = size + size
  const result = 0.5 * log1p(size < 0.5 ? twice + (twice * size) / (1 - size) : twice / (1 - size))
  return x < 0 ? -result : result
}
