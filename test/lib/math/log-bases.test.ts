/** log2 and log10: accuracy, special values, laws. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { log2, log10 } from '../../../lib/math/log-bases.ts'
import { pow } from '../../../lib/math/pow.ts'
import { type Special, testAccuracy, testSpecials } from './golden.ts'

const INF = Number.POSITIVE_INFINITY
const SPECIALS: readonly Special[] = [
  [Number.NaN, Number.NaN],
  [INF, INF],
  [-INF, Number.NaN],
  [-1, Number.NaN],
  [0, -INF],
  [-0, -INF],
  [1, 0],
]

testAccuracy('log2', 1, 0.95)
testAccuracy('log10', 1, 0.95)
testSpecials('log2', SPECIALS)
testSpecials('log10', SPECIALS)

test('should be exact for powers of the base', () => {
  for (let k = -1074; k < 1024; k++) assert.equal(log2(2 ** k), k)
  for (let k = 0; k <= 22; k++) assert.equal(log10(pow(10, k)), k)
})

test('should be undone by a power, as far as the argument is known', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (x) => {
      assert.ok(Math.abs(pow(2, log2(x)) / x - 1) < 1e-12)
      assert.ok(Math.abs(pow(10, log10(x)) / x - 1) < 1e-12)
    }),
  )
})
