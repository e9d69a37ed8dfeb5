/** sin, cos and tan: accuracy, special values, laws. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cos, sin, tan } from '../../../lib/math/circular.ts'
import { type Special, testAccuracy, testSpecials, testSymmetry } from './golden.ts'

const INF = Number.POSITIVE_INFINITY
const angle = fc.double({ min: -1e18, max: 1e18, noNaN: true })
const SPECIALS: readonly Special[] = [
  [Number.NaN, Number.NaN],
  [INF, Number.NaN],
  [-INF, Number.NaN],
]

testAccuracy('sin', 1, 0.9)
testAccuracy('cos', 1, 0.9)
testAccuracy('tan', 1, 0.9)
testSymmetry('sin', false)
testSymmetry('cos', true)
testSymmetry('tan', false)
testSpecials('sin', [...SPECIALS, [0, 0], [-0, -0], [5e-324, 5e-324]])
testSpecials('cos', [...SPECIALS, [0, 1], [-0, 1], [5e-324, 1]])
testSpecials('tan', [...SPECIALS, [0, 0], [-0, -0], [5e-324, 5e-324]])

test('should lie on the circle', () => {
  fc.assert(
    fc.property(angle, (x) => {
      assert.ok(Math.abs(sin(x) * sin(x) + cos(x) * cos(x) - 1) < 1e-15)
    }),
  )
})

test('should have the sine over the cosine as the tangent', () => {
  fc.assert(fc.property(angle, (x) => assert.ok(Math.abs((tan(x) * cos(x)) / sin(x) - 1) < 1e-15 || x === 0)))
})
