/**
 * cbrt, after FreeBSD's msun (s_cbrt.c): a guess by a division of the exponent, a polynomial, and one step of Newton's
 * method; off by less than 0.67 units in the last place. hypot, our own: the squares are summed exactly as far as two
 * doubles go, so that the root is off by little more than half a unit however many arguments there are.
 */
/*!
 * Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
 * Developed at SunPro, a Sun Microsystems, Inc. business. Permission to use, copy, modify, and distribute this
 * software is freely granted, provided that this notice is preserved.
 */
import { highWord, powerOfTwo } from './words.ts'

const LEAST_NORMAL = 2.2250738585072014e-308
const TWO_54 = 18014398509481984
const THIRD = 715094163 // of the exponents' offset, less what makes the guess best
const TWO_20 = 1048576
const TWO_22 = 4194304

/** The cube root. */
export const cbrt = (x: number): number => {
  const size = x < 0 ? -x : x
  if (!(size > 0 && size < Infinity)) return x
  const subnormal = size < LEAST_NORMAL
  const normal = subnormal ? size * TWO_54 : size
  const high = highWord(normal)
  const third = ((((high >> 20) + 177) / 3) | 0) - 400 // of the exponent, rounded down
  const v = normal * powerOfTwo(-3 * third) // from 1 to 8
  const word = (((high - 3 * (third << 20)) / 3) | 0) + THIRD
  const guess = powerOfTwo((word >> 20) - 1023) * (1 + (word & 0xfffff) / TWO_20)
  const r = guess * guess * (guess / v)
  const near =
    guess *
    (1.87595182427177 +
      r *
        (-1.8849797954337717 + r * (1.6214297201053545 + r * (-0.758397934778766 + r * 0.14599619288661245))))
  // rounded to 23 bits, away from zero: its square is exact then
  const t = ((near * TWO_22 + 2) | 0) / TWO_22
  const quotient = v / (t * t)
  const root = t + t * ((quotient - t) / (t + t + quotient))
  const result = root * powerOfTwo(subnormal ? third - 18 : third)
  return x < 0 ? -result : result
}

const SMALL = 4.909093465297727e-91 // 2^-300
const LARGE = 3.273390607896142e150 // 2^500
const UP = 5.260135901548374e210 // 2^700
const DOWN = 2.409919865102884e-181 // 2^-600

/** The root of the sum of the squares: Infinity where any is infinite, else NaN where any is NaN. */
export const hypot = (values: readonly number[]): number => {
  let most = 0
  let nan = false
  let infinite = false
  for (const value of values) {
    const size = value < 0 ? -value : value
    if (size === Infinity) infinite = true
    else if (Number.isNaN(size)) nan = true
    else if (size > most) most = size
  }
  if (infinite) return Infinity
  if (nan) return NaN
  if (most === 0) return 0
  if (most < SMALL) return rootOfSquares(values, UP) / UP
  return most > LARGE ? rootOfSquares(values, DOWN) / DOWN : rootOfSquares(values, 1)
}

/** Splits a double into halves when multiplied with it, 2^27 + 1. */
const SPLITTER = 134217729

/** The root of the sum of the squares of the values times `by`, a power of two. */
const rootOfSquares = (values: readonly number[], by: number): number => {
  let sum = 0
  let low = 0
  for (const value of values) {
    const v = value * by
    const square = v * v
    const total = sum + square
    const taken = total - sum
    low += sum - (total - taken) + (square - taken) + squareError(v, square)
    sum = total
  }
  const root = Math.sqrt(sum + low)
  const square = root * root
  return root + (sum - square - squareError(root, square) + low) / (2 * root)
}

/** v² - square, where `square` is v² rounded. */
const squareError = (v: number, square: number): number => {
  const c = SPLITTER * v
  const high = c - (c - v)
  const low = v - high
  return high * high - square + 2 * high * low + low * low
}
