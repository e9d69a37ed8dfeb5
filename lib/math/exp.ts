/**
 * exp and expm1, after FreeBSD's msun (e_exp.c, s_expm1.c): the argument is reduced by a multiple k of ln 2, the rest
 * goes through a rational approximation, and 2^k is multiplied in at the end. Off by less than one unit in the last
 * place.
 */
/*!
 * Copyright (C) 1993, 2004 by Sun Microsystems, Inc. All rights reserved.
 * Developed at SunSoft, SunPro, Sun Microsystems, Inc. businesses. Permission to use, copy, modify, and distribute
 * this software is freely granted, provided that this notice is preserved.
 */
import { powerOfTwo, scale } from './words.ts'

/** ln 2 in two parts; the first has its last 21 bits clear, so that k · LN2_HIGH is exact. */
export const LN2_HIGH = 0.6931471803691238
export const LN2_LOW = 1.9082149292705877e-10
const INVERSE_LN2 = Math.LOG2E

const OVERFLOW = 709.782712893384
const UNDERFLOW = -745.1332191019411
const NEAR_ZERO = 3.725290298461914e-9 // 2^-28

/** The exponential function. */
export const exp = (x: number): number => scaledExp(x, 0)

/** exp(x) · 2^more, rounded once: for results that are in range although exp(x) is not. */
export const scaledExp = (x: number, more: number): number => {
  if (!(x <= (more === 0 ? OVERFLOW : OVERFLOW + 1))) return x > 0 ? Infinity : NaN
  if (x < UNDERFLOW) return 0
  if (x < NEAR_ZERO && x > -NEAR_ZERO) return scale(1 + x, more)
  if (x === 1 && more === 0) return Math.E
  const k = (INVERSE_LN2 * x + (x < 0 ? -0.5 : 0.5)) | 0
  const high = x - k * LN2_HIGH
  const low = k * LN2_LOW
  const r = high - low
  const t = r * r
  const c =
    r -
    t *
      (0.16666666666666602 +
        t *
          (-0.0027777777777015593 +
            t * (0.00006613756321437934 + t * (-0.0000016533902205465252 + t * 4.1381367970572385e-8))))
  return scale(1 - (low - (r * c) / (2 - c) - high), k + more)
}

const HALF_LN2 = 0.34657359027997264
const THREE_HALVES_LN2 = 1.0397207708399179
const LN2_56 = 38.816242111356935
const TINY = 5.551115123125783e-17 // 2^-54

/** exp(x) - 1, exact to the last places for small x too. */
export const expm1 = (x: number): number => {
  const size = x < 0 ? -x : x
  if (size >= LN2_56) {
    if (x < 0) return -1
    if (x > OVERFLOW) return Infinity
  }
  if (!(size >= TINY)) return x // ±0, NaN too
  let k = 0
  let r = x
  let c = 0
  if (size > HALF_LN2) {
    if (size < THREE_HALVES_LN2) k = x < 0 ? -1 : 1
    else k = (INVERSE_LN2 * x + (x < 0 ? -0.5 : 0.5)) | 0
    const high = x - k * LN2_HIGH
    const low = k * LN2_LOW
    r = high - low
    c = high - r - low
  }
  const half = 0.5 * r
  const z = r * half
  const r1 =
    1 +
    z *
      (-0.03333333333333313 +
        z *
          (0.0015873015872548146 +
            z * (-0.0000793650757867488 + z * (0.000004008217827329362 - z * 2.0109921818362437e-7))))
  const t = 3 - r1 * half
  let e = z * ((r1 - t) / (6 - r * t))
  if (k === 0) return r - (r * e - z)
  e = r * (e - c) - c - z
  if (k === -1) return 0.5 * (r - e) - 0.5
  if (k === 1) return r < -0.25 ? -2 * (e - (r + 0.5)) : 1 + 2 * (r - e)
  if (k <= -2 || k > 56) return scale(1 - (e - r), k) - 1
  const inverse = powerOfTwo(-k)
  const y = k < 20 ? 1 - inverse - (e - r) : r - (e + inverse) + 1
  return y * powerOfTwo(k)
}
