/** pow: accuracy, special values, laws. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { pow } from '../../../lib/math/pow.ts'
import { apart, testAccuracy, testSpecials } from './golden.ts'

const INF = Number.POSITIVE_INFINITY
const NONE = Number.NaN

testAccuracy('pow', 1, 0.87)
testSpecials('pow', [
  [NONE, 0, 1],
  [NONE, -0, 1],
  [NONE, 1, NONE],
  [1, NONE, NONE],
  [1, INF, NONE],
  [-1, INF, NONE],
  [-1, -INF, NONE],
  [2, INF, INF],
  [2, -INF, 0],
  [0.5, INF, 0],
  [0.5, -INF, INF],
  [-2, INF, INF],
  [INF, 3, INF],
  [INF, -3, 0],
  [-INF, 3, -INF],
  [-INF, 2.5, INF],
  [-INF, 0.5, INF],
  [-INF, -3, -0],
  [-INF, -2.5, 0],
  [0, 3, 0],
  [0, -3, INF],
  [-0, 3, -0],
  [-0, 2.5, 0],
  [-0, 0.5, 0],
  [-0, -3, -INF],
  [-0, -2.5, INF],
  [-8, 1 / 3, NONE],
  [-2, 3, -8],
  [-2, -3, -0.125],
  [-1, 2 ** 53, 1],
  [-1, 2 ** 53 - 1, -1],
  [1, 1e300, 1],
  [-5.9e143, 395681366544351800, INF],
  [-5.9e143, 9007199254740991, -INF],
  [-0.5, 9007199254740991, -0],
  [2, 1024, INF],
  [2, -1075, 0],
  [2, -1074, 5e-324],
  [0.9, 1e20, 0],
  [0.9, -1e20, INF],
])

test('should be exact for integers whose power is a safe one', () => {
  const pair = fc.tuple(fc.integer({ min: -3000, max: 3000 }), fc.integer({ min: 0, max: 52 }))
  fc.assert(
    fc.property(pair, ([base, exponent]) => {
      const exact = BigInt(base) ** BigInt(exponent)
      if (exact < 2n ** 53n && exact > -(2n ** 53n)) assert.equal(pow(base, exponent), Number(exact))
    }),
    { numRuns: 1000 },
  )
})

test('should agree with products and roots', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-100, max: 1e100, noNaN: true }), (x) => {
      assert.equal(pow(x, 2), x * x)
      assert.equal(pow(x, 0.5), Math.sqrt(x))
      assert.equal(pow(x, -1), 1 / x)
      assert.ok(apart(pow(x, 3), x * x * x) <= 2)
      assert.ok(apart(pow(x, 1.5), x * Math.sqrt(x)) <= 2)
    }),
  )
})

test('should give powers of two exactly, whether or not they are looked up', () => {
  for (let k = -1080; k <= 1030; k++) {
    assert.ok(Object.is(pow(2, k), 2 ** k), `2^${k}`)
    assert.ok(Object.is(pow(4, k / 2), 2 ** k), `4^${k / 2}`)
    assert.ok(Object.is(pow(0.5, -k), 2 ** k), `0.5^${-k}`)
  }
})
