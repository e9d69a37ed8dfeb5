/**
 * pow, after FreeBSD's msun (e_pow.c): log2 of the base in two parts, multiplied by the exponent in two parts, and 2 to
 * the power of that. Where msun clears the last 32 bits in memory, numbers are rounded to 24 bits, which is faster. Off by less than 0.7 units in the last place; exact where the result is an integer below 2^53.
 */
/*!
 * Copyright (C) 2004 by Sun Microsystems, Inc. All rights reserved.
 * Developed at SunPro, a Sun Microsystems, Inc. business. Permission to use, copy, modify, and distribute this
 * software is freely granted, provided that this notice is preserved.
 */
import { highWord, powerOfTwo, scale } from './words.ts'

const TWO_53 = 9007199254740992
const LEAST_NORMAL = 2.2250738585072014e-308

/** `x` to the power of `y`, as ECMAScript says: pow(x, 0) is 1 and pow(±1, ±Infinity) is NaN. */
export const pow = (x: number, y: number): number => {
  if (y === 2) return x * x
  if (y === 0) return 1
  if (y === 1) return x
  if (y === -1) return 1 / x
  if (x === 2 && y > -1075 && y < 1024 && y === Math.trunc(y)) return powerOfTwo(y)
  const size = x < 0 ? -x : x
  if (!(size < Infinity && size > 0 && y > -Infinity && y < Infinity)) return special(x, size, y)
  if (y === 0.5 && x > 0) return Math.sqrt(x)
  if (x > 0) return size === 1 ? 1 : positive(size, y)
  const odd = isOdd(y)
  if (!odd && y !== Math.trunc(y)) return NaN
  const result = size === 1 ? 1 : positive(size, y)
  return odd ? -result : result
}

/** Where the base is zero or one of the two is not finite. */
const special = (x: number, size: number, y: number): number => {
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN
  if (y === Infinity || y === -Infinity) {
    if (size === 1) return NaN
    return size > 1 === y > 0 ? Infinity : 0
  }
  const result = (size === 0) === y > 0 ? 0 : Infinity
  const negative = x < 0 || (x === 0 && 1 / x < 0)
  return negative && isOdd(y) ? -result : result
}

/** Whether it is an odd integer. */
const isOdd = (y: number): boolean => {
  const rest = y % 2
  return rest === 1 || rest === -1
}

/** log2 of the last base, in two parts; the first has 24 bits, as all first parts here: their products are exact. */
const log2 = new Float64Array(2)

const positive = (x: number, y: number): number => {
  if (y > 2147483648 || y < -2147483648) {
    // so large an exponent leaves nothing in range but bases very near to one
    if (x < 0.9999995231628418 || y > 1.8446744073709552e19 || y < -1.8446744073709552e19)
      return x < 1 === y < 0 ? Infinity : 0
    if (x >= 1.0000009536743164) return y < 0 ? 0 : Infinity
    logNearOne(x)
  } else logarithm(x)
  const y1 = Math.fround(y)
  const low = (y - y1) * log2[0]! + y * log2[1]!
  const high = y1 * log2[0]!
  const z = low + high
  if (z >= 1024) {
    if (z > 1024 || low + 8.008566259537294e-17 > z - high) return Infinity
  } else if (z <= -1075) {
    if (z < -1075 || low <= z - high) return 0
  }
  return exponential(z, high, low)
}

const INVERSE_LN2 = Math.LOG2E
/**
 * The same in two parts, the first of 20 bits: with the 33 of 1 - x, the product is exact. In msun it has 24, which
 * costs results hundreds of units for exponents above 2^31.
 */
const INVERSE_LN2_HIGH = 1.4426956176757812
const INVERSE_LN2_LOW = -5.767868178426401e-7

/** Leaves log2(x) for |1 - x| below 2^-20. */
const logNearOne = (x: number): void => {
  const t = x - 1
  const w = t * t * (0.5 - t * (0.3333333333333333 - t * 0.25))
  const u = INVERSE_LN2_HIGH * t
  const v = t * INVERSE_LN2_LOW - w * INVERSE_LN2
  const high = Math.fround(u + v)
  log2[0] = high
  log2[1] = v - (high - u)
}

/** 2/(3 ln 2), and the same in two parts. */
const CP = 0.9617966939259756
const CP_HIGH = 0.9617967009544373
const CP_LOW = -7.028461650952758e-9
/** log2(1.5) in two parts. */
const LOG_HIGH = 0.5849624872207642
const LOG_LOW = 1.350039202129749e-8

/** Leaves log2(x) with some 20 bits more than a double has. */
const logarithm = (x: number): void => {
  const subnormal = x < LEAST_NORMAL
  const normal = subnormal ? x * TWO_53 : x
  const word = highWord(normal)
  const fraction = word & 0xfffff
  // The base is taken relative to 1 below √1.5 and to 1.5 below √3, and half of it to 1 above: 0, 1, 0 and 0, 0, 1
  const up = (fraction + 0x44986) >> 20
  const middle = ((fraction + 0xc6771) >> 20) - up
  const exponent = (word >> 20) - 1023 + up
  const n = subnormal ? exponent - 53 : exponent
  const a = normal * powerOfTwo(-exponent)
  const b = 1 + 0.5 * middle
  const u = a - b
  const v = 1 / (a + b)
  const s = u * v
  const sHigh = Math.fround(s)
  let tHigh = Math.fround(a + b)
  let tLow = a - (tHigh - b)
  const sLow = v * (u - sHigh * tHigh - sHigh * tLow)
  const z = s * s
  const polynomial =
    0.5999999999999946 +
    z *
      (0.4285714285785502 +
        z *
          (0.33333332981837743 +
            z * (0.272728123808534 + z * (0.23066074577556175 + z * 0.20697501780033842))))
  const square = sHigh * sHigh
  const r = z * z * polynomial + sLow * (sHigh + s)
  tHigh = Math.fround(3 + square + r)
  tLow = r - (tHigh - 3 - square)
  const p = sHigh * tHigh
  const q = sLow * tHigh + tLow * s
  const pHigh = Math.fround(p + q)
  const pLow = q - (pHigh - p)
  const zHigh = CP_HIGH * pHigh
  const zLow = CP_LOW * pHigh + pLow * CP + middle * LOG_LOW
  const d = middle * LOG_HIGH
  const high = Math.fround(zHigh + zLow + d + n)
  log2[0] = high
  log2[1] = zLow - (high - n - d - zHigh)
}

const { LN2 } = Math
const LN2_HIGH = 0.6931471824645996
const LN2_LOW = -1.904654299957768e-9
/** Adding and taking it off again rounds to an integer. */
const ROUNDER = 6755399441055744 // 1.5 · 2^52

/** 2^(high + low), where z is their sum. */
const exponential = (z: number, high: number, low: number): number => {
  const n = z + ROUNDER - ROUNDER
  const rest = high - n
  const t = Math.fround(low + rest)
  const u = t * LN2_HIGH
  const v = (low - (t - rest)) * LN2 + t * LN2_LOW
  const w = u + v
  const wLow = v - (w - u)
  const s = w * w
  const t1 =
    w -
    s *
      (0.16666666666666602 +
        s *
          (-0.0027777777777015593 +
            s * (0.00006613756321437934 + s * (-0.0000016533902205465252 + s * 4.1381367970572385e-8))))
  const r = (w * t1) / (t1 - 2) - (wLow + w * wLow)
  return scale(1 - (r - w), n)
}
