/**
 * log and log1p, after FreeBSD's msun (e_log.c, s_log1p.c): the argument is 2^k · (1 + f) with f near zero, and
 * log(1 + f) a polynomial in f / (2 + f). Off by less than one unit in the last place. Every exponential draw is a
 * log: its argument is scaled by a multiplication, so that one load of a word is all that goes through memory.
 */
/*!
 * Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
 * Developed at SunPro, a Sun Microsystems, Inc. business. Permission to use, copy, modify, and distribute this
 * software is freely granted, provided that this notice is preserved.
 */
import { LN2_HIGH, LN2_LOW } from './exp.ts'
import { highWord, powerOfTwo } from './words.ts'

const TWO_54 = 18014398509481984

/** The natural logarithm. */
export const log = (x: number): number => {
  const high = highWord(x)
  return high >= 0x100000 && high < 0x7ff00000 ? logNormal(x, high, 0) : special(x)
}

/** Where x is no positive normal number. */
const special = (x: number): number => {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN
  return x === Infinity ? x : logNormal(x * TWO_54, highWord(x * TWO_54), -54)
}

/** log(x) + more · ln 2 for a normal x. */
const logNormal = (x: number, high: number, more: number): number => {
  const fraction = high & 0xfffff
  // one more where x is at least the root of two times a power of two: then half of it is nearer to one
  const exponent = (high >> 20) + ((fraction + 0x95f64) >> 20)
  const k = exponent - 1023 + more
  const f = x * powerOfTwo(1023 - exponent) - 1
  if ((0xfffff & (2 + fraction)) < 3) return logNearOne(f, k)
  const s = f / (2 + f)
  const z = s * s
  const w = z * z
  const t1 = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373))
  const t2 =
    z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)))
  const r = t2 + t1
  if (((fraction - 0x6147a) | (0x6b851 - fraction)) > 0) {
    const half = 0.5 * f * f
    return k * LN2_HIGH - (half - (s * (half + r) + k * LN2_LOW) - f)
  }
  return k * LN2_HIGH - (s * (f - r) - k * LN2_LOW - f)
}

/** log(2^k · (1 + f)) where |f| is below 2^-20. */
const logNearOne = (f: number, k: number): number => {
  const r = f * f * (0.5 - 0.3333333333333333 * f)
  return k * LN2_HIGH - (r - k * LN2_LOW - f)
}

const ROOT_MINUS_ONE = 0.41421356237309503 // √2 - 1
const HALF_ROOT_MINUS_ONE = -0.2928932188134525 // √2 / 2 - 1
const SMALL = 1.862645149230957e-9 // 2^-29
const TINY = 5.551115123125783e-17 // 2^-54
const TWO_53 = 9007199254740992

/** log(1 + x), exact to the last places for small x too. */
export const log1p = (x: number): number => {
  if (!(x > -1)) return x === -1 ? -Infinity : NaN
  if (x === Infinity) return x
  const size = x < 0 ? -x : x
  if (size < SMALL) return size < TINY ? x : x - x * x * 0.5
  if (x > HALF_ROOT_MINUS_ONE && x < ROOT_MINUS_ONE) return log1pReduced(x, 0, 0, false)
  const u = size < TWO_53 ? 1 + x : x
  const high = highWord(u)
  let k = (high >> 20) - 1023
  // what was lost when 1 + x was rounded
  const c = size < TWO_53 ? (k > 0 ? 1 - (u - x) : x - (u - 1)) / u : 0
  const fraction = high & 0xfffff
  const up = fraction >= 0x6a09e
  if (up) k += 1
  const f = u * powerOfTwo(-k) - 1
  return log1pReduced(f, k, c, up ? (0x100000 - fraction) >> 2 === 0 : fraction === 0)
}

/** log(2^k · (1 + f)) + c; `near` where |f| is below 2^-20. */
const log1pReduced = (f: number, k: number, c: number, near: boolean): number => {
  const half = 0.5 * f * f
  if (near) {
    const r = half * (1 - 0.6666666666666666 * f)
    return k * LN2_HIGH - (r - (k * LN2_LOW + c) - f)
  }
  const s = f / (2 + f)
  const z = s * s
  const r =
    z *
    (0.6666666666666735 +
      z *
        (0.3999999999940942 +
          z *
            (0.2857142874366239 +
              z *
                (0.22222198432149784 +
                  z * (0.1818357216161805 + z * (0.15313837699209373 + z * 0.14798198605116586))))))
  return k * LN2_HIGH - (half - (s * (half + r) + (k * LN2_LOW + c)) - f)
}
