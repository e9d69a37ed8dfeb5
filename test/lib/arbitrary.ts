/** Random values for properties, how they are compared, and how often properties run. */
import fc from 'fast-check'
import type { Value } from '../../lib/values.ts'

const TIMES = process.env.REPRISE_SLOW === '1' ? 50 : 1

/** Parameters of `fc.assert`: always the same cases, fifty times as many when REPRISE_SLOW=1. */
export function runs(numRuns: number): { seed: number; numRuns: number } {
  return { seed: 20261123, numRuns: numRuns * TIMES }
}

/** Any well-formed string: 'binary' is every code point but surrogates. */
export const text = fc.string({ unit: 'binary', maxLength: 12 })

export const key = fc
  .oneof(text, fc.constantFrom('constructor', 'length', 'a', 'ab', '10', '9', 'ﬀ', '😀'))
  .filter((name) => !name.startsWith('$') && name !== '__proto__' && name !== 'toJSON')

const special = fc.constantFrom(
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  -0,
  0,
  5e-324,
  2 ** 53,
)
const floats = fc.oneof(fc.double(), special)
const typed: fc.Arbitrary<Value> = fc.oneof(
  fc.int8Array({ maxLength: 5 }),
  fc.uint8Array({ maxLength: 5 }),
  fc.uint8ClampedArray({ maxLength: 5 }),
  fc.int16Array({ maxLength: 5 }),
  fc.uint16Array({ maxLength: 5 }),
  fc.int32Array({ maxLength: 5 }),
  fc.uint32Array({ maxLength: 5 }),
  fc.array(floats, { maxLength: 5 }).map((list) => Float32Array.from(list)),
  fc.array(floats, { maxLength: 5 }).map((list) => Float64Array.from(list)),
  fc.bigInt64Array({ maxLength: 5 }),
  fc.bigUint64Array({ maxLength: 5 }),
)

const leaf: fc.Arbitrary<Value> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  floats,
  fc.integer(),
  fc.bigInt(),
  text,
  typed,
)

/** Any value at all. */
export const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5 }),
  ),
})).value

/** Plain JSON with nothing to tag, for designs. */
export const json = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  text,
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
)

/** The same value to the last bit: Object.is all the way down, arrays of the same type, keys in any order. */
export function identical(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return Object.is(a, b)
  if (ArrayBuffer.isView(a) || Array.isArray(a)) {
    if (a.constructor !== b.constructor) return false
    const [x, y] = [a as unknown as ArrayLike<unknown>, b as unknown as ArrayLike<unknown>]
    return x.length === y.length && Array.from(x).every((item, i) => identical(item, y[i]))
  }
  if (ArrayBuffer.isView(b) || Array.isArray(b)) return false
  const [x, y] = [new Map(Object.entries(a)), new Map(Object.entries(b))]
  return x.size === y.size && [...x].every(([name, item]) => y.has(name) && identical(item, y.get(name)))
}
