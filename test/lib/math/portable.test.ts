/** The table of portable functions: what each is as a value, how it converts, and that its bits never change. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { PORTABLE_MATH } from '../../../lib/math/portable.ts'
import { names, portable } from './golden.ts'

type Callable = (...args: unknown[]) => unknown
const table = PORTABLE_MATH as unknown as Readonly<Record<string, Callable>>
const native = Math as unknown as Readonly<Record<string, Callable>>

/** What the specification fixes to the bit, is no function of its arguments, or is no function. */
const FIXED =
  'abs ceil clz32 f16round floor fround imul max min random round sign sqrt sumPrecise trunc E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2'

test('should have every function that ECMAScript leaves to the implementation', () => {
  const open = Object.getOwnPropertyNames(Math).filter((name) => !FIXED.split(' ').includes(name))
  assert.deepEqual(Object.keys(PORTABLE_MATH).sort(), open.sort())
  assert.deepEqual(names.sort(), open)
})

test('should be functions like those of Math', () => {
  for (const name of names) {
    const made = table[name]!
    assert.equal(made.name, name)
    assert.equal(made.length, native[name]!.length, name)
    assert.equal(Object.hasOwn(made, 'prototype'), false)
    assert.throws(() => Reflect.construct(made, [1]), TypeError)
  }
})

test('should convert their arguments as those of Math do', () => {
  const odd: readonly unknown[] = [
    '0.5',
    '',
    'x',
    ' 1 ',
    true,
    false,
    null,
    undefined,
    [],
    [0.5],
    [1, 2],
    {},
    { valueOf: () => 0.5 },
    new Date(1),
  ]
  const near = (a: unknown, b: unknown) => Object.is(a, b) || Math.abs((a as number) - (b as number)) < 1e-9
  for (const name of names) {
    const [made, theirs] = [table[name]!, native[name]!]
    assert.ok(near(made(), theirs()), `${name}()`)
    for (const value of odd) {
      assert.ok(near(made(value), theirs(value)), `${name}(${String(value)})`)
      assert.ok(near(made(value, '2'), theirs(value, '2')), `${name}(${String(value)}, '2')`)
    }
    for (const value of [1n, Symbol('s'), Object.create(null)]) {
      assert.throws(() => made(value, 1), TypeError)
      if (made.length === 2) assert.throws(() => made(1, value), TypeError)
    }
  }
})

test('should convert all arguments, from the first to the last, before anything is said of one', () => {
  const seen: number[] = []
  const noting = (n: number) => ({
    valueOf: () => {
      seen.push(n)
      return n
    },
  })
  table.hypot!(Number.NaN, Number.POSITIVE_INFINITY, noting(1), noting(2))
  table.pow!(noting(3), noting(4))
  table.atan2!(noting(5), noting(6))
  assert.deepEqual(seen, [1, 2, 3, 4, 5, 6])
  assert.throws(() => table.hypot!(Number.POSITIVE_INFINITY, 1n), TypeError)
})

/**
 * Arguments that depend on nothing but integer arithmetic: half of them any bits, half below 32 in magnitude with
 * exponents from -20 on.
 */
function* drawn(count: number): Generator<number> {
  const view = new DataView(new ArrayBuffer(8))
  let state = 0x9e3779b97f4a7c15n
  for (let i = 0; i < count; i++) {
    state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n)
    const bits = state ^ (state >> 29n)
    const ordinary = (bits & 0x800fffffffffffffn) | ((1003n + ((bits >> 52n) % 25n)) << 52n)
    view.setBigUint64(0, i % 2 === 0 ? bits : ordinary)
    yield view.getFloat64(0)
  }
}

/** SHA-256 over the results, big-endian, every NaN as 7ff8000000000000. */
function digestOf(name: keyof typeof PORTABLE_MATH): string {
  const hash = createHash('sha256')
  const view = new DataView(new ArrayBuffer(8))
  let before = 1.5
  for (const x of drawn(20_000)) {
    // of the functions that have no value for most numbers, also at what is in their domain
    for (const given of [x, x === 0 ? 1 : 1 / x]) {
      const result = portable[name](given, before)
      view.setFloat64(0, result)
      if (Number.isNaN(result)) view.setBigUint64(0, 0x7ff8000000000000n)
      hash.update(new Uint8Array(view.buffer))
    }
    before = x
  }
  return hash.digest('hex').slice(0, 32)
}

const DIGESTS: Readonly<Record<string, string>> = {
  acos: 'd8731af8e0ab375a68ad1e1e2cb7cb00',
  acosh: '4f43b8537de3f4f98e659a4cf9bed30a',
  asin: 'bada47d057a007b3a255159770fc8bb9',
  asinh: 'a0a94dd7c1cf2845c9c09a94dc09d205',
  atan: 'c09fbef04973934d2ef39bb09db13cf9',
  atan2: '4732f0421de07e931104d798de809c67',
  atanh: '2e859e1a54fa36f146b4ce32a711bf76',
  cbrt: '4e39d15b1884e6551e2995cf4f811627',
  cos: '968a5cee785ec7b767211ec9ace796f4',
  cosh: 'e67e1475c2152538f0b4c133b7a2165e',
  exp: '92207a7568df0b70b95750a90b21b422',
  expm1: '01f039b43bcf21adb0788a22b96ad73e',
  hypot: 'b5ff55c91fae6f99e571cc91238c1138',
  log: '21627daccb3c54466d21503e6d03b6ec',
  log10: '7dede07c2ac458f1d2b977d05bea661c',
  log1p: 'b38d423e54693d09b06e9df3480e1229',
  log2: '0301d6a61805c38d69406dfecd8d6de2',
  pow: '7aeb3589bb8e4954ba3f89b226141d4c',
  sin: '45f5bce964c53703c5cb97f0ef75e4de',
  sinh: '600275fbe161f895a404f4c384e71900',
  tan: '93b82ffeaf30ae7605bf43c53a563700',
  tanh: '535761601e646fdcf8a00063e1a1e42b',
}

test('should not change its output except for a major version', () => {
  assert.deepEqual(Object.fromEntries(names.map((name) => [name, digestOf(name)])), DIGESTS)
})
