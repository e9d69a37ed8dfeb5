/**
 * Digests of Math: one for each function whose result ECMAScript leaves to the implementation, and one for the exact ones
 * together. Arguments are of the sizes that people compute with (64), of all sizes (32), and hard ones (16).
 */
import { drawDoubles, type Magnitudes, readDoubles } from './draws.ts'
import { HARD } from './hard.ts'
import { outputs } from './outputs.ts'

/** The functions whose results may differ from implementation to implementation, in the order of the alphabet. */
export const OPEN_FUNCTIONS = ['acos', 'acosh', 'asin', 'asinh', 'atan', 'atan2', 'atanh', 'cbrt', 'cos', 'cosh', 'exp', 'expm1',
  'hypot', 'log', 'log10', 'log1p', 'log2', 'pow', 'sin', 'sinh', 'tan', 'tanh'] as const // biome-ignore format: a list of words

/** Exact by specification: they tell whether the engine is sane. */
export const EXACT_FUNCTIONS = ['abs', 'ceil', 'clz32', 'floor', 'fround', 'imul', 'max', 'min', 'round', 'sign', 'sqrt',
  'trunc'] as const // biome-ignore format: a list of words

export type OpenFunction = (typeof OPEN_FUNCTIONS)[number]
export type NumberFunction = (...numbers: number[]) => number
export type OpenFunctions = Readonly<Record<OpenFunction, NumberFunction>>
export type MathFunctions = OpenFunctions & Readonly<Record<(typeof EXACT_FUNCTIONS)[number], NumberFunction>>

const USUAL = 64
const WIDE = 32

const between = (low: number, high: number): Magnitudes => ({ low, high, signed: false })
const around = (low: number, high: number): Magnitudes => ({ low, high, signed: true })

/** The usual and the wide magnitudes of each function's argument: its domain, as far as results are neither 0 nor infinite. */
const ONE: Readonly<
  Record<Exclude<OpenFunction, 'atan2' | 'hypot' | 'pow'>, readonly [Magnitudes, Magnitudes]>
> = {
  acos: [around(-4, 0), around(-30, 0)],
  acosh: [between(0, 4), between(0, 1024)],
  asin: [around(-4, 0), around(-30, 0)],
  asinh: [around(-4, 4), around(-40, 1024)],
  atan: [around(-4, 4), around(-40, 100)],
  atanh: [around(-4, 0), around(-30, 0)],
  cbrt: [around(-4, 4), around(-1023, 1024)],
  cos: [around(-4, 4), around(-30, 1024)],
  cosh: [around(-4, 4), around(-20, 9)],
  exp: [around(-4, 4), around(-30, 9)],
  expm1: [around(-4, 4), around(-40, 9)],
  log: [between(-4, 4), between(-1023, 1024)],
  log10: [between(-4, 4), between(-1023, 1024)],
  log1p: [between(-4, 4), around(-40, 0)],
  log2: [between(-4, 4), between(-1023, 1024)],
  sin: [around(-4, 4), around(-30, 1024)],
  sinh: [around(-4, 4), around(-20, 9)],
  tan: [around(-4, 4), around(-30, 1024)],
  tanh: [around(-4, 3), around(-20, 5)],
}

/** The same of two arguments. */
const TWO: Readonly<Record<'atan2' | 'hypot' | 'pow', readonly (readonly [Magnitudes, Magnitudes])[]>> = {
  atan2: [
    [around(-4, 4), around(-4, 4)],
    [around(-1023, 1024), around(-1023, 1024)],
  ],
  hypot: [
    [around(-4, 4), around(-4, 4)],
    [around(-500, 500), around(-500, 500)],
  ],
  pow: [
    [between(-4, 4), around(-4, 4)],
    [between(-1023, 1024), around(-10, 1)],
  ],
}

/** Exponents as people write them. */
const EXPONENTS = [2, 3, 4, 5, 10, -1, -2, 0.5, -0.5, 1.5]

/** The digest of `name` as `f` computes it; `pow` is also that of the operator `**`. */
export function functionDigest(name: OpenFunction, f: NumberFunction, words: Int32Array): string {
  const out = outputs()
  const hard = readDoubles(HARD[name])
  if (name === 'atan2' || name === 'hypot' || name === 'pow') {
    TWO[name].forEach(([left, right], i) => {
      const count = i === 0 ? USUAL : WIDE
      const x = drawDoubles(words, 0, count, left)
      const y = drawDoubles(words, 2, count, right)
      for (let k = 0; k < count; k++) out.number(f(x[k]!, y[k]!))
    })
    if (name === 'pow') powers(f, words, out.number)
    if (name === 'hypot') hypotOfThree(f, words, out.number)
    for (let k = 0; k < hard.length; k += 2) out.number(f(hard[k]!, hard[k + 1]!))
  } else {
    const [usual, wide] = ONE[name]
    for (const x of drawDoubles(words, 0, USUAL, usual)) out.number(f(x))
    for (const x of drawDoubles(words, 2 * USUAL, WIDE, wide)) out.number(f(x))
    for (const x of hard) out.number(f(x))
  }
  return out.digest()
}

function powers(pow: NumberFunction, words: Int32Array, put: (x: number) => void): void {
  const bases = drawDoubles(words, 4, WIDE, between(-4, 4))
  for (let k = 0; k < WIDE; k++) put(pow(bases[k]!, EXPONENTS[k % EXPONENTS.length]!))
}

function hypotOfThree(hypot: NumberFunction, words: Int32Array, put: (x: number) => void): void {
  const sides = drawDoubles(words, 4, 3 * WIDE, around(-4, 4))
  for (let k = 0; k < 3 * WIDE; k += 3) put(hypot(sides[k]!, sides[k + 1]!, sides[k + 2]!))
}

/** Of the functions that are exact, over arguments of all magnitudes and the special ones. */
export function exactDigest(math: MathFunctions, words: Int32Array): string {
  const out = outputs()
  const special = [
    0,
    -0,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    0.5,
    -0.5,
    1.5,
    2_147_483_648,
  ]
  const small = drawDoubles(words, 0, WIDE, around(-4, 34))
  const all = drawDoubles(words, 2 * WIDE, WIDE, around(-1023, 1024))
  const numbers = [...special, ...small, ...all]
  for (const name of EXACT_FUNCTIONS) {
    for (const [k, x] of numbers.entries())
      out.number(math[name](x, numbers[k === 0 ? numbers.length - 1 : k - 1]!))
  }
  return out.digest()
}
