/** The high word and the powers of two. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { highWord, powerOfTwo, scale } from '../../../lib/math/words.ts'

test('should take sign, exponent and twenty bits of a double', () => {
  const view = new DataView(new ArrayBuffer(8))
  for (const x of [0, -0, 1, -1, Math.PI, -1e-310, 5e-324, 1.7976931348623157e308, -Infinity]) {
    view.setFloat64(0, x)
    assert.equal(highWord(x), view.getInt32(0))
  }
})

test('should have every power of two', () => {
  let power = 1
  for (let k = 0; k < 1024; k++, power *= 2) assert.equal(powerOfTwo(k), power)
  power = 1
  for (let k = 0; k >= -1074; k--, power /= 2) assert.equal(powerOfTwo(k), power)
})

test('should scale with one rounding, to the ends of the range', () => {
  assert.equal(scale(1.5, 1023), 1.5 * 2 ** 1023)
  assert.equal(scale(0.75, 1024), 0.75 * 2 ** 1023 * 2)
  assert.equal(scale(1, 1024), Number.POSITIVE_INFINITY)
  assert.equal(scale(1, -1074), 5e-324)
  assert.equal(scale(1.25, -1075), 5e-324)
  assert.equal(scale(1, -1075), 0)
  assert.equal(scale(1.9, -1080), 0)
  // a half and a trifle of the last place: rounded twice, it would be a tie on the way
  assert.equal(scale(1 + 2 ** -52, -1075), 5e-324)
  assert.equal(scale(-1.5, -1073), -3 * 5e-324)
})
