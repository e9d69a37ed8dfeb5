/**
 * sin, cos and tan, after FreeBSD's msun (k_sin.c, k_cos.c, k_tan.c): polynomials on what the reduction of the angle
 * left, in two parts. Off by less than one unit in the last place, for huge angles too.
 */
/*!
 * Copyright (C) 1993, 2004 by Sun Microsystems, Inc. All rights reserved.
 * Developed at SunPro, a Sun Microsystems, Inc. business. Permission to use, copy, modify, and distribute this
 * software is freely granted, provided that this notice is preserved.
 */
import { reduce, rest } from './reduce.ts'

const QUARTER_PI = 0.7853981633974483
/** A trifle more than π/4: what needs no reduction. */
const NEAR = 0.7853984832763672
const TINY = 7.450580596923828e-9 // 2^-27

/** The sine of an angle in radians. */
export const sin = (x: number): number => {
  if (x < NEAR && x > -NEAR) return x < TINY && x > -TINY ? x : sinNear(x)
  if (!Number.isFinite(x)) return NaN
  switch (reduce(x)) {
    case 0:
      return sinOf(rest[0]!, rest[1]!)
    case 1:
      return cosOf(rest[0]!, rest[1]!)
    case 2:
      return -sinOf(rest[0]!, rest[1]!)
    default:
      return -cosOf(rest[0]!, rest[1]!)
  }
}

/** The cosine of an angle in radians. */
export const cos = (x: number): number => {
  if (x < NEAR && x > -NEAR) return cosOf(x, 0)
  if (!Number.isFinite(x)) return NaN
  switch (reduce(x)) {
    case 0:
      return cosOf(rest[0]!, rest[1]!)
    case 1:
      return -sinOf(rest[0]!, rest[1]!)
    case 2:
      return -cosOf(rest[0]!, rest[1]!)
    default:
      return sinOf(rest[0]!, rest[1]!)
  }
}

/** The tangent of an angle in radians. */
export const tan = (x: number): number => {
  if (x < NEAR && x > -NEAR) return x < TINY && x > -TINY ? x : tanOf(x, 0, false)
  if (!Number.isFinite(x)) return NaN
  const quarters = reduce(x)
  return tanOf(rest[0]!, rest[1]!, (quarters & 1) === 1)
}

const S1 = -0.16666666666666632

/** (sin(x)/x - 1)/x² - S1, over x², for the square z of x. */
const sinTail = (z: number): number =>
  0.00833333333332249 +
  z * (-0.0001984126982985795 + z * 0.0000027557313707070068) +
  z * (z * z) * (-2.5050760253406863e-8 + z * 1.58969099521155e-10)

/** sin(x) within π/4. */
const sinNear = (x: number): number => {
  const z = x * x
  return x + z * x * (S1 + z * sinTail(z))
}

/** sin(x + y) within π/4. */
const sinOf = (x: number, y: number): number => {
  const z = x * x
  const v = z * x
  return x - (z * (0.5 * y - v * sinTail(z)) - y - v * S1)
}

/** cos(x + y) within π/4. */
const cosOf = (x: number, y: number): number => {
  const z = x * x
  const w = z * z
  const r =
    z * (0.0416666666666666 + z * (-0.001388888888887411 + z * 0.00002480158728947673)) +
    w * w * (-2.7557314351390663e-7 + z * (2.087572321298175e-9 + z * -1.1359647557788195e-11))
  const half = 0.5 * z
  const one = 1 - half
  return one + (1 - one - half + (z * r - x * y))
}

const QUARTER_PI_LOW = 3.061616997868383e-17
const NEAR_QUARTER_PI = 0.6743354797363281 // where 1 - tan and 1 + tan of the difference to π/4 do better
const T0 = 0.3333333333333341

/** tan(x + y) within π/4; with `inverse` -1/tan(x + y). */
const tanOf = (x: number, y: number, inverse: boolean): number => {
  const far = x >= NEAR_QUARTER_PI || x <= -NEAR_QUARTER_PI
  const negative = x < 0
  if (far) {
    const [size, low] = negative ? [-x, -y] : [x, y]
    x = QUARTER_PI - size + (QUARTER_PI_LOW - low)
    y = 0
  }
  const z = x * x
  const w = z * z
  const odd =
    0.13333333333320124 +
    w *
      (0.021869488294859542 +
        w *
          (0.0035920791075913124 +
            w * (0.0005880412408202641 + w * (0.00007817944429395571 + w * -0.000018558637485527546))))
  const even =
    z *
    (0.05396825397622605 +
      w *
        (0.0088632398235993 +
          w *
            (0.0014562094543252903 +
              w * (0.0002464631348184699 + w * (0.00007140724913826082 + w * 0.00002590730518636337)))))
  const s = z * x
  const r = y + z * (s * (odd + even) + y) + T0 * s
  const sum = x + r
  if (far) {
    const v = inverse ? -1 : 1
    const result = v - 2 * (x - ((sum * sum) / (sum + v) - r))
    return negative ? -result : result
  }
  if (!inverse) return sum
  // -1 / sum alone would be off by two units; numbers of 24 bits make the products exact
  const high = Math.fround(sum)
  const low = r - (high - x)
  const a = -1 / sum
  const t = Math.fround(a)
  return t + a * (1 + t * high + t * low)
}
