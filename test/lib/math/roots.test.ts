/** cbrt and hypot: accuracy, special values, laws. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cbrt, hypot } from '../../../lib/math/roots.ts'
import { apart, testAccuracy, testSpecials, testSymmetry } from './golden.ts'

const INF = Number.POSITIVE_INFINITY
const NONE = Number.NaN

testAccuracy('cbrt', 1, 0.85)
testAccuracy('hypot', 1, 0.97)
testSymmetry('cbrt', false)
testSpecials('cbrt', [
  [NONE, NONE],
  [0, 0],
  [-0, -0],
  [INF, INF],
  [-INF, -INF],
  [1, 1],
  [-8, -2],
])
testSpecials('hypot', [
  [0],
  [-0, 0],
  [-0, -0, 0],
  [-3, 3],
  [NONE, NONE],
  [NONE, INF, INF],
  [-INF, NONE, INF],
  [1, NONE, NONE],
  [3, 4, 5],
])

test('should be exact for cubes', () => {
  for (let n = -200_000; n <= 200_000; n += 7) assert.equal(cbrt(n * n * n), n)
})

test('should be exact for right triangles with whole sides, at any scale', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.integer({ min: 1, max: 1000 }),
      fc.integer({ min: -900, max: 900 }),
      (m, n, k) => {
        const unit = 2 ** k
        assert.equal(hypot([2 * m * n * unit, (m * m - n * n) * unit]), (m * m + n * n) * unit)
      },
    ),
  )
})

test('should not overflow, nor lose anything, on the way', () => {
  assert.equal(hypot([3e307, 4e307]), 5e307)
  assert.equal(hypot([1.7976931348623157e308, 1.7976931348623157e308]), INF)
  assert.equal(hypot([3 * 5e-324, 4 * 5e-324]), 5 * 5e-324)
  assert.ok(apart(hypot(Array<number>(10_000).fill(0.1)), 10) <= 1)
})

test('should not depend on signs, and hardly on order', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -1e100, max: 1e100, noNaN: true }), { maxLength: 8 }), (list) => {
      assert.equal(hypot(list.map((x) => -x)), hypot(list))
      assert.ok(apart(hypot([...list].reverse()), hypot(list)) <= 1)
    }),
  )
})
