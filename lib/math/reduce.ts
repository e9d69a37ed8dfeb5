/**
 * An angle less the nearest multiple of π/2, for sin, cos and tan. Up to 2^20 · π/2 after FreeBSD's msun
 * (e_rem_pio2.c): π/2 is taken off in parts that can be multiplied exactly. Beyond, exactly in integers: the bits of
 * 2/π that matter for this exponent, times the 53 bits of the angle.
 */
/*!
 * Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
 * Developed at SunSoft, a Sun Microsystems, Inc. business. Permission to use, copy, modify, and distribute this
 * software is freely granted, provided that this notice is preserved.
 */
import { highWord, powerOfTwo } from './words.ts'

/** What the last reduction left: an angle within π/4 or a trifle more, in two parts. */
export const rest = new Float64Array(2)

const MEDIUM = 1647099.3291652855 // 2^20 · π/2
const TWO_OVER_PI = 0.6366197723675814
/** π/2 in parts of 33 bits, and what is left of it after each. */
const PART_1 = 1.5707963267341256
const LEFT_1 = 6.077100506506192e-11
const PART_2 = 6.077100506303966e-11
const LEFT_2 = 2.0222662487959506e-21
const PART_3 = 2.0222662487111665e-21
const LEFT_3 = 8.4784276603689e-32

/** Adding and taking it off again rounds to an integer. */
const ROUNDER = 6755399441055744 // 1.5 · 2^52

/** Leaves the `rest` of a finite x; returns how many times π/2 were taken off, modulo 4 (0 to 3). */
export const reduce = (x: number): number => {
  if (x > MEDIUM || x < -MEDIUM) return reduceLarge(x)
  const n = x * TWO_OVER_PI + ROUNDER - ROUNDER
  let r = x - n * PART_1
  let w = n * LEFT_1
  let high = r - w
  const exponent = (highWord(x) >> 20) & 0x7ff
  if (exponent - ((highWord(high) >> 20) & 0x7ff) > 16) {
    let before = r
    w = n * PART_2
    r = before - w
    w = n * LEFT_2 - (before - r - w)
    high = r - w
    if (exponent - ((highWord(high) >> 20) & 0x7ff) > 49) {
      before = r
      w = n * PART_3
      r = before - w
      w = n * LEFT_3 - (before - r - w)
      high = r - w
    }
  }
  rest[0] = high
  rest[1] = r - high - w
  return n & 3
}

/** 2/π · 2^1224, rounded down. */
const TWO_OVER_PI_BITS = BigInt(
  '0xa2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abdebbc561b7246e3a424dd2e006492eea09d1921cfe1deb' +
    '1cb129a73ee88235f52ebb4484e99c7026b45f7e413991d639835339f49c845f8bbdf9283b1ff897ffde05980fef2f118b5a0a' +
    '6d1f6d367ecf27cb09b74f463f669e5fea2d7527bac7ebe5f17b3d0739f78a5292ea6bfb5fb11f8d5d0856033046fc7b6babf0',
)
const BITS = 1224
/** π/2 · 2^128, rounded. */
const HALF_PI = BigInt('0x1921fb54442d18469898cc51701b839a2')
/** Bits behind the point: 53 for the angle's own, 64 for what may cancel, and as many as two doubles want. */
const FRACTION = 246

const reduceLarge = (x: number): number => {
  const size = x < 0 ? -x : x
  const exponent = ((highWord(size) >> 20) & 0x7ff) - 1075
  const whole = BigInt(size * powerOfTwo(-exponent))
  // bits of 2/π worth more than 2^(2 - exponent) give multiples of four
  const bits = BigInt.asUintN(FRACTION + 2, TWO_OVER_PI_BITS >> BigInt(BITS - FRACTION - exponent))
  const turns = BigInt.asUintN(FRACTION + 2, whole * bits)
  const fraction = BigInt.asIntN(FRACTION, turns)
  const quarters = Number((turns - fraction) >> BigInt(FRACTION)) & 3
  const angle = fraction * HALF_PI
  const high = Number(angle)
  const unit = powerOfTwo(-FRACTION - 128)
  const sign = x < 0 ? -1 : 1
  rest[0] = sign * high * unit
  rest[1] = sign * Number(angle - BigInt(high)) * unit
  return (sign * quarters) & 3
}
