/**
 * Portable Math: every function of Math that ECMAScript leaves to the implementation, written with what it does not
 * leave: + - * / and the root of doubles, integers, BigInts. The same bits come out on every machine, engine and
 * version. Each behaves as ECMAScript's does: conversions, special values, name, length, no constructor.
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
import { cbrt, hypot } from './roots.ts'

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
