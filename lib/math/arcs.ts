/**
 * asin, acos, atan and atan2, after FreeBSD's msun (e_asin.c, e_acos.c, s_atan.c, e_atan2.c). Off by less than one
 * unit in the last place.
 */
/*!
 * Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
 * Developed at SunPro, a Sun Microsystems, Inc. business. Permission to use, copy, modify, and distribute this
 * software is freely granted, provided that this notice is preserved.
 */
import { highWord } from './words.ts'

const { PI } = Math
const PI_LOW = 1.2246467991473532e-16
const HALF_PI = 1.5707963267948966
const HALF_PI_LOW = 6.123233995736766e-17
const QUARTER_PI = 0.7853981633974483

/** (asin(x) - x) / x for the square t of x, as a rational function of it. */
const arc = (t: number): number =>
  (t *
    (0.16666666666666666 +
      t *
        (-0.3255658186224009 +
          t *
            (0.20121253213486293 +
              t * (-0.04005553450067941 + t * (0.0007915349942898145 + t * 0.00003479331075960212)))))) /
  (1 +
    t * (-2.403394911734414 + t * (2.0209457602335057 + t * (-0.6882839716054533 + t * 0.07703815055590194))))

/** The angle within ±π/2 whose sine is x. */
export const asin = (x: number): number => {
  const size = x < 0 ? -x : x
  if (!(size < 1)) return size === 1 ? x * HALF_PI + x * HALF_PI_LOW : NaN
  if (size < 0.5) return size < 1.4901161193847656e-8 ? x : x + x * arc(x * x)
  const t = (1 - size) * 0.5
  const r = arc(t)
  const s = Math.sqrt(t)
  let result: number
  if (size >= 0.9749999046325684) result = HALF_PI - (2 * (s + s * r) - HALF_PI_LOW)
  else {
    const high = Math.fround(s)
    const low = (t - high * high) / (s + high)
    result = QUARTER_PI - (2 * s * r - (HALF_PI_LOW - 2 * low) - (QUARTER_PI - 2 * high))
  }
  return x > 0 ? result : -result
}

/** The angle from 0 to π whose cosine is x. */
export const acos = (x: number): number => {
  const size = x < 0 ? -x : x
  if (!(size < 1)) return x === 1 ? 0 : x === -1 ? PI : NaN
  if (size < 0.5) {
    if (size < 6.938893903907228e-18) return HALF_PI
    return HALF_PI - (x - (HALF_PI_LOW - x * arc(x * x)))
  }
  const t = (1 - size) * 0.5
  const r = arc(t)
  const s = Math.sqrt(t)
  if (x < 0) return PI - 2 * (s + (r * s - HALF_PI_LOW))
  const high = Math.fround(s)
  return 2 * (high + (r * s + (t - high * high) / (s + high)))
}

/** atan of 0.5, 1, 1.5 and Infinity, in two parts. */
const ARC_HALF = 0.4636476090008061
const ARC_HALF_LOW = 2.2698777452961687e-17
const ARC_ONE_LOW = 3.061616997868383e-17
const ARC_THREE_HALVES = 0.982793723247329
const ARC_THREE_HALVES_LOW = 1.3903311031230998e-17

/** The angle within ±π/2 whose tangent is x. */
export const atan = (x: number): number => {
  const size = x < 0 ? -x : x
  if (size < 0.4375) return size < 7.450580596923828e-9 ? x : x - x * arcTangent(x)
  let result: number
  if (size < 0.6875) {
    const t = (2 * size - 1) / (2 + size)
    result = ARC_HALF - (t * arcTangent(t) - ARC_HALF_LOW - t)
  } else if (size < 1.1875) {
    const t = (size - 1) / (size + 1)
    result = QUARTER_PI - (t * arcTangent(t) - ARC_ONE_LOW - t)
  } else if (size < 2.4375) {
    const t = (size - 1.5) / (1 + 1.5 * size)
    result = ARC_THREE_HALVES - (t * arcTangent(t) - ARC_THREE_HALVES_LOW - t)
  } else if (size < 7.378697629483821e19) {
    const t = -1 / size
    result = HALF_PI - (t * arcTangent(t) - HALF_PI_LOW - t)
  } else result = Number.isNaN(size) ? NaN : HALF_PI
  return x < 0 ? -result : result
}

/** (x - atan(x)) / x. */
const arcTangent = (x: number): number => {
  const z = x * x
  const w = z * z
  const odd =
    z *
    (0.3333333333333293 +
      w *
        (0.14285714272503466 +
          w *
            (0.09090887133436507 +
              w * (0.06661073137387531 + w * (0.049768779946159324 + w * 0.016285820115365782)))))
  const even =
    w *
    (-0.19999999999876483 +
      w *
        (-0.11111110405462356 +
          w * (-0.0769187620504483 + w * (-0.058335701337905735 + w * -0.036531572744216916))))
  return odd + even
}

/** The angle of the point (x, y), from -π to π; the signs of zeros count. */
export const atan2 = (y: number, x: number): number => {
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN
  const right = x < 0 ? -x : x
  const up = y < 0 ? -y : y
  const left = x < 0 || (x === 0 && 1 / x < 0)
  const result = up > 0 && isVertical(up, right) ? HALF_PI : slanted(up, right, left)
  return y < 0 || (y === 0 && 1 / y < 0) ? -result : result
}

/** Whether the angle of (x, y), neither negative, is π/2 to the last place. */
const isVertical = (y: number, x: number): boolean =>
  x === 0 || (x < Infinity && (y === Infinity || highWord(y) - highWord(x) >= 61 << 20))

/** The angle of (x, y), neither negative, or with `left` that of (-x, y). */
const slanted = (y: number, x: number, left: boolean): number => {
  let angle: number
  if (y === 0) angle = 0
  else if (x === Infinity) angle = y === Infinity ? QUARTER_PI : 0
  else if (left && highWord(y) - highWord(x) < -60 * 0x100000) angle = 0
  else angle = atan(y / x)
  return left ? PI - (angle - PI_LOW) : angle
}
