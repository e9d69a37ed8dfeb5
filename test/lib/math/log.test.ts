/** log and log1p: accuracy, special values, laws. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { log, log1p } from '../../../lib/math/log.ts'
import { apart, type Special, testAccuracy, testSpecials } from './golden.ts'

const INF = Number.POSITIVE_INFINITY
const positive = fc.double({ min: 1e-300, max: 1e300, noNaN: true })
const SAME: readonly Special[] = [
  [Number.NaN, Number.NaN],
  [INF, INF],
  [-INF, Number.NaN],
]

testAccuracy('log', 1, 0.9)
testAccuracy('log1p', 1, 0.9)
testSpecials('log', [...SAME, [0, -INF], [-0, -INF], [1, 0], [-1, Number.NaN], [-5e-324, Number.NaN]])
testSpecials('log1p', [...SAME, [0, 0], [-0, -0], [-1, -INF], [-1.0000000000000002, Number.NaN]])

test('should turn products into sums', () => {
  fc.assert(
    fc.property(positive, positive, (x, y) => {
      const product = x * y
      if (product > 1e-300 && product < 1e300)
        assert.ok(
          Math.abs(log(product) - log(x) - log(y)) <= 4e-16 * (1 + Math.abs(log(x)) + Math.abs(log(y))),
        )
    }),
  )
})

test('should grow with its argument', () => {
  fc.assert(
    fc.property(positive, positive, (x, y) => {
      if (x < y) assert.ok(log(x) <= log(y) && log1p(x) <= log1p(y))
    }),
  )
})

test('should agree with one another where one more can be written down', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 30 }), (n) => {
      assert.ok(apart(log1p(n / 1024), log(1 + n / 1024)) <= 1)
    }),
  )
})
