/**
 * Portable Math: every function of Math that ECMAScript leaves to the implementation, written with what it does not
 * leave: + - * / and the root of doubles, integers, BigInts. The same bits come out on every machine, engine and
 * version. Each behaves as ECMAScript's does: conversions, special values, name, length, no constructor.
 *
 * The most that a result was off, in units in the last place, among some 20,000 arguments of all magnitudes each
 * (test/golden/math.py --errors):
 *
 *   hypot 0.50  log10 0.59  log2 0.65  cbrt 0.67  log1p 0.74  asin 0.74  cos 0.75  sin 0.76  tan 0.75  expm1 0.75
 *   pow 0.78  atan 0.80  exp 0.81  log 0.82  acos 0.85  cosh 1.2  atanh 1.4  atan2 1.4  asinh 1.4  acosh 1.7  sinh 1.7
 *   tanh 1.9
 *
 * The functions are part of what a result means: their output does not change except for a major version.
 */
import { acos, asin, atan, atan2 } from './arcs.ts'
import { cos, sin, tan } from './circular.ts'
import { exp, expm1 } from './exp.ts'
import { acosh, asinh, atanh, cosh, sinh, tanh } from './hyperbolic.ts'
import { log, log1p } from './log.ts'
import { log2, log10 } from './log-bases.ts'
import { pow } from './pow.ts'
import { cbrt, hypot } from './radicals.ts'

type Unary =
  | 'acos' | 'acosh' | 'asin' | 'asinh' | 'atan' | 'atanh' | 'cbrt' | 'cos' | 'cosh' | 'exp' | 'expm1'
  | 'log' | 'log10' | 'log1p' | 'log2' | 'sin' | 'sinh' | 'tan' | 'tanh' // biome-ignore format: a list of words
export type PortableName = Unary | 'atan2' | 'hypot' | 'pow'
export type PortableMath = Readonly<Pick<Math, PortableName>>

/** The functions by their names in Math. */
export const PORTABLE_MATH: PortableMath = {
  acos(x) {
    return acos(+x)
  },
  acosh(x) {
    return acosh(+x)
  },
  asin(x) {
    return asin(+x)
  },
  asinh(x) {
    return asinh(+x)
  },
  atan(x) {
    return atan(+x)
  },
  atan2(y, x) {
    return atan2(+y, +x)
  },
  atanh(x) {
    return atanh(+x)
  },
  cbrt(x) {
    return cbrt(+x)
  },
  cos(x) {
    return cos(+x)
  },
  cosh(x) {
    return cosh(+x)
  },
  exp(x) {
    return exp(+x)
  },
  expm1(x) {
    return expm1(+x)
  },
  hypot: hypotOfAll(),
  log(x) {
    return log(+x)
  },
  log10(x) {
    return log10(+x)
  },
  log1p(x) {
    return log1p(+x)
  },
  log2(x) {
    return log2(+x)
  },
  pow(x, y) {
    return pow(+x, +y)
  },
  sin(x) {
    return sin(+x)
  },
  sinh(x) {
    return sinh(+x)
  },
  tan(x) {
    return tan(+x)
  },
  tanh(x) {
    return tanh(+x)
  },
}

/** hypot takes any number of arguments, and says that it takes two. */
function hypotOfAll(): Math['hypot'] {
  const { hypot: made } = {
    hypot(...values: number[]) {
      for (let i = 0; i < values.length; i++) values[i] = +values[i]!
      return hypot(values)
    },
  }
  return Object.defineProperty(made, 'length', { value: 2 })
}
