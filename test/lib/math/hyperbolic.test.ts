/** The hyperbolic functions and their inverses: accuracy, special values, laws. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { acosh, asinh, atanh, cosh, sinh, tanh } from '../../../lib/math/hyperbolic.ts'
import { testAccuracy, testSpecials, testSymmetry } from './golden.ts'

const INF = Number.POSITIVE_INFINITY
const NONE = Number.NaN

testAccuracy('sinh', 2, 0.7)
testAccuracy('cosh', 2, 0.7)
testAccuracy('tanh', 2, 0.7)
testAccuracy('asinh', 2, 0.7)
testAccuracy('acosh', 2, 0.7)
testAccuracy('atanh', 2, 0.7)
for (const name of ['sinh', 'tanh', 'asinh', 'atanh'] as const) testSymmetry(name, false)
testSymmetry('cosh', true)
testSpecials('sinh', [
  [NONE, NONE],
  [0, 0],
  [-0, -0],
  [INF, INF],
  [-INF, -INF],
  [711, INF],
  [-711, -INF],
  [5e-324, 5e-324],
])
testSpecials('cosh', [
  [NONE, NONE],
  [0, 1],
  [-0, 1],
  [INF, INF],
  [-INF, INF],
  [711, INF],
  [-711, INF],
])
testSpecials('tanh', [
  [NONE, NONE],
  [0, 0],
  [-0, -0],
  [INF, 1],
  [-INF, -1],
  [22, 1],
  [-1e300, -1],
])
testSpecials('asinh', [
  [NONE, NONE],
  [0, 0],
  [-0, -0],
  [INF, INF],
  [-INF, -INF],
])
testSpecials('acosh', [
  [NONE, NONE],
  [1, 0],
  [0.9999999999999999, NONE],
  [-1, NONE],
  [INF, INF],
  [-INF, NONE],
])
testSpecials('atanh', [
  [NONE, NONE],
  [0, 0],
  [-0, -0],
  [1, INF],
  [-1, -INF],
  [1.0000000000000002, NONE],
  [-INF, NONE],
])

const near = (a: number, b: number, most: number) =>
  Math.abs(a - b) <= most * Math.max(Math.abs(a), Math.abs(b))

test('should lie on the hyperbola, and have their quotient', () => {
  fc.assert(
    fc.property(fc.double({ min: -300, max: 300, noNaN: true }), (x) => {
      const [s, c] = [sinh(x), cosh(x)]
      assert.ok(near(c * c, s * s + 1, 2e-15))
      assert.ok(near(tanh(x), s / c, 1e-15))
    }),
  )
})

test('should undo one another', () => {
  fc.assert(
    fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => {
      assert.ok(near(asinh(sinh(x)), x, 1e-15))
      if (Math.abs(x) > 1) assert.ok(near(acosh(cosh(x)), Math.abs(x), 1e-15))
      if (Math.abs(x) < 1) assert.ok(near(atanh(tanh(x)), x, 2e-15))
    }),
  )
})
