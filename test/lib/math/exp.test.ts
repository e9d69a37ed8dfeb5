/** exp and expm1: accuracy, special values, laws. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { exp, expm1, scaledExp } from '../../../lib/math/exp.ts'
import { log, log1p } from '../../../lib/math/log.ts'
import { apart, testAccuracy, testSpecials } from './golden.ts'

const INF = Number.POSITIVE_INFINITY
const ordinary = fc.double({ min: -700, max: 700, noNaN: true })

testAccuracy('exp', 1, 0.88)
testAccuracy('expm1', 1, 0.88)
testSpecials('exp', [
  [Number.NaN, Number.NaN],
  [0, 1],
  [-0, 1],
  [INF, INF],
  [-INF, 0],
  [710, INF],
  [-746, 0],
  [1, Math.E],
])
testSpecials('expm1', [
  [Number.NaN, Number.NaN],
  [0, 0],
  [-0, -0],
  [INF, INF],
  [-INF, -1],
  [710, INF],
  [-40, -1],
])

test('should be undone by log, as far as the argument is known', () => {
  fc.assert(
    fc.property(ordinary, (x) => {
      assert.ok(Math.abs(log(exp(x)) - x) <= 3e-16 + Math.abs(x) * 3e-16)
      if (x > -1 && x < 1) assert.ok(Math.abs(log1p(expm1(x)) - x) <= 1e-15 * Math.abs(x))
    }),
  )
})

test('should grow with its argument', () => {
  fc.assert(
    fc.property(ordinary, ordinary, (x, y) => {
      if (x < y) assert.ok(exp(x) <= exp(y) && expm1(x) <= expm1(y))
    }),
  )
})

test('should agree with one another', () => {
  fc.assert(fc.property(ordinary, (x) => assert.ok(x < 1 || apart(expm1(x) + 1, exp(x)) <= 2)))
})

test('should scale by a power of two without leaving the range on the way', () => {
  assert.equal(scaledExp(2, -1), exp(2) / 2)
  assert.ok(scaledExp(710.4, -1) < INF && exp(710.4) === INF)
  assert.equal(scaledExp(-745, 60), 2 ** 60 * exp(-705) * exp(-40))
})
