/**
 * log2 and log10, after FreeBSD's msun (e_log2.c, e_log10.c, k_log.h): the natural logarithm in two parts, each
 * multiplied by the inverse of ln 2 or ln 10 in two parts. Exact where the result is an integer power of two (log2);
 * off by less than one unit in the last place.
 */
/*!
 * Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
 * Developed at SunPro, a Sun Microsystems, Inc. business. Permission to use, copy, modify, and distribute this
 * software is freely granted, provided that this notice is preserved.
 */
import { highWord, powerOfTwo } from './words.ts'

const LEAST_NORMAL = 2.2250738585072014e-308
const TWO_54 = 18014398509481984

const INVERSE_LN2_HIGH = 1.4426950407214463
const INVERSE_LN2_LOW = 1.6751713164886512e-10
const INVERSE_LN10_HIGH = 0.4342944818781689
const INVERSE_LN10_LOW = 2.5082946711645275e-11
const LOG10_2_HIGH = 0.30102999566361177
const LOG10_2_LOW = 3.694239077158931e-13

/** The logarithm with base 2. */
export const log2 = (x: number): number => {
  if (!(x >= LEAST_NORMAL)) return x > 0 ? log2Normal(x * TWO_54, -54) : x === 0 ? -Infinity : NaN
  return x === Infinity ? x : log2Normal(x, 0)
}

const log2Normal = (x: number, more: number): number => {
  const scaleBy = nearestExponent(x)
  const k = scaleBy + more
  const f = x * powerOfTwo(-scaleBy) - 1
  if (f === 0) return k
  const half = 0.5 * f * f
  const high = leading(f - half)
  const low = f - high - half + remainder(f, half)
  const a = high * INVERSE_LN2_HIGH
  const b = (low + high) * INVERSE_LN2_LOW + low * INVERSE_LN2_HIGH
  const sum = k + a
  return b + (k - sum + a) + sum
}

/** The logarithm with base 10. */
export const log10 = (x: number): number => {
  if (!(x >= LEAST_NORMAL)) return x > 0 ? log10Normal(x * TWO_54, -54) : x === 0 ? -Infinity : NaN
  return x === Infinity ? x : log10Normal(x, 0)
}

const log10Normal = (x: number, more: number): number => {
  const scaleBy = nearestExponent(x)
  const k = scaleBy + more
  const f = x * powerOfTwo(-scaleBy) - 1
  if (f === 0 && k === 0) return 0
  const half = 0.5 * f * f
  const high = leading(f - half)
  const low = f - high - half + remainder(f, half)
  const a = high * INVERSE_LN10_HIGH
  const b = k * LOG10_2_LOW + (low + high) * INVERSE_LN10_LOW + low * INVERSE_LN10_HIGH
  const whole = k * LOG10_2_HIGH
  const sum = whole + a
  return b + (whole - sum + a) + sum
}

/** The first 21 bits of a number below one: products with the constants' first parts are exact. */
const leading = (x: number): number => {
  const c = 4294967297 * x // 2^32 + 1
  return c - (c - x)
}

/** The k for which x · 2^-k lies between √½ and √2. */
const nearestExponent = (x: number): number => {
  const high = highWord(x)
  return (high >> 20) - 1023 + (((high & 0xfffff) + 0x95f64) >> 20)
}

/** log(1 + f) - (f - f²/2), where `half` is f²/2. */
const remainder = (f: number, half: number): number => {
  const s = f / (2 + f)
  const z = s * s
  const w = z * z
  const t1 = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373))
  const t2 =
    z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)))
  return s * (half + (t2 + t1))
}
