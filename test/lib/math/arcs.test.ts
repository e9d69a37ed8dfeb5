/** asin, acos, atan and atan2: accuracy, special values, laws. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { acos, asin, atan, atan2 } from '../../../lib/math/arcs.ts'
import { cos, sin, tan } from '../../../lib/math/circular.ts'
import { apart, testAccuracy, testSpecials, testSymmetry } from './golden.ts'

const INF = Number.POSITIVE_INFINITY
const NONE = Number.NaN
const { PI } = Math

testAccuracy('asin', 1, 0.93)
testAccuracy('acos', 1, 0.9)
testAccuracy('atan', 1, 0.93)
testAccuracy('atan2', 2, 0.8)
testSymmetry('asin', false)
testSymmetry('atan', false)
testSpecials('asin', [
  [NONE, NONE],
  [0, 0],
  [-0, -0],
  [1, PI / 2],
  [-1, -PI / 2],
  [1.0000000000000002, NONE],
  [-INF, NONE],
])
testSpecials('acos', [
  [NONE, NONE],
  [1, 0],
  [-1, PI],
  [0, PI / 2],
  [-0, PI / 2],
  [1.0000000000000002, NONE],
  [INF, NONE],
])
testSpecials('atan', [
  [NONE, NONE],
  [0, 0],
  [-0, -0],
  [INF, PI / 2],
  [-INF, -PI / 2],
  [1, PI / 4],
  [-1, -PI / 4],
])
testSpecials('atan2', [
  [NONE, 1, NONE],
  [1, NONE, NONE],
  [INF, NONE, NONE],
  [0, 1, 0],
  [-0, 1, -0],
  [0, 0, 0],
  [-0, 0, -0],
  [0, -0, PI],
  [-0, -0, -PI],
  [0, -1, PI],
  [-0, -1, -PI],
  [1, 0, PI / 2],
  [1, -0, PI / 2],
  [-1, 0, -PI / 2],
  [-1, -0, -PI / 2],
  [1, INF, 0],
  [-1, INF, -0],
  [1, -INF, PI],
  [-1, -INF, -PI],
  [INF, 1, PI / 2],
  [INF, -1, PI / 2],
  [-INF, -1, -PI / 2],
  [INF, INF, PI / 4],
  [-INF, INF, -PI / 4],
  [INF, -INF, (3 * PI) / 4],
  [-INF, -INF, (-3 * PI) / 4],
  [0, -INF, PI],
  [0, INF, 0],
  [1e300, 1e-300, PI / 2],
  [1e-300, -1e300, PI],
  [5e-324, 1e300, 0],
])

test('should undo the circular functions', () => {
  fc.assert(
    fc.property(fc.double({ min: -1, max: 1, noNaN: true }), (x) => {
      assert.ok(Math.abs(sin(asin(x)) - x) < 2e-16)
      assert.ok(Math.abs(cos(acos(x)) - x) < 3e-16)
      assert.ok(Math.abs(asin(x) + acos(x) - PI / 2) < 5e-16)
      assert.ok(x === 0 || Math.abs(tan(atan(x * 1000)) / (x * 1000) - 1) < 1e-12)
    }),
  )
})

test('should give the angle of a point, however far it is', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -3.14, max: 3.14, noNaN: true }),
      fc.double({ min: 1e-290, max: 1e300, noNaN: true }),
      (angle, far) => {
        assert.ok(Math.abs(atan2(far * sin(angle), far * cos(angle)) - angle) < 1e-15)
      },
    ),
  )
  fc.assert(fc.property(fc.double({ noNaN: true }), (y) => assert.ok(apart(atan2(y, 1), atan(y)) === 0)))
})
