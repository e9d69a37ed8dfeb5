/** Mean and standard error in one pass. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RunningMoments } from '../../../lib/statistics/moments.ts'

function momentsOf(values: readonly number[]) {
  const running = new RunningMoments()
  for (const value of values) running.add(value)
  return running.moments
}

test('should give mean and standard error of a sample', () => {
  // deviations -3, -1, -1, -1, 0, 0, 2, 4: squares 32, over 7 and 8
  assert.deepEqual(momentsOf([2, 4, 4, 4, 5, 5, 7, 9]), {
    count: 8,
    mean: 5,
    standardError: Math.sqrt(32 / 7 / 8),
  })
  for (const count of [2, 3, 7, 80])
    assert.deepEqual(momentsOf(Array(count).fill(0.1)), { count, mean: 0.1, standardError: 0 })
  assert.equal(momentsOf(Array.from({ length: 80 }, (_, i) => (i * 7) % 2)).mean, 0.5)
  assert.equal(momentsOf(Array.from({ length: 80 }, (_, i) => Number(i % 80 < 38))).mean, 0.475)
})

test('should lose nothing to cancellation', () => {
  const { mean, standardError } = momentsOf([4, 7, 13, 16].map((value) => value + 1e9))
  assert.equal(mean, 1e9 + 10)
  assert.equal(standardError, Math.sqrt(30 / 4))
  assert.equal(momentsOf([1, 1e100, 1, -1e100]).mean, 0.5)
})

test('should hold over the whole range of doubles, and keep the sign of zero', () => {
  for (const unit of [1e-320, 1e-200, 1e-60, 1e200, 4e307]) {
    const { mean, standardError } = momentsOf([unit, 2 * unit, 3 * unit])
    assert.equal(mean, 2 * unit)
    const error = Math.sqrt(1 / 3) * unit
    assert.ok(Math.abs(standardError! - error) <= 1e-15 * error + 5e-324, `${standardError} of ${error}`)
  }
  for (const value of [5e-324, 1 / 3e60, 1 / 3, 1e300 / 3, Number.MAX_VALUE])
    for (const count of [2, 3, 7, 49])
      assert.deepEqual(momentsOf(Array(count).fill(value)), { count, mean: value, standardError: 0 })
  assert.ok(momentsOf([1e-200, 1, 1e200, 1e308]).standardError! > 1e307)
  assert.equal(momentsOf([1e308, 1e308, -1e308, -1e308]).mean, 0)
  assert.ok(Object.is(momentsOf([-0, -0]).mean, -0))
  assert.ok(Object.is(momentsOf([-0, 0]).mean, 0))
})

test('should say of none and of one what can be said', () => {
  assert.deepEqual(momentsOf([]), { count: 0, mean: null, standardError: null })
  assert.deepEqual(momentsOf([3]), { count: 1, mean: 3, standardError: null })
})

test('should take infinities and NaN as arithmetic does', () => {
  assert.equal(momentsOf([1, Number.POSITIVE_INFINITY, 2]).mean, Number.POSITIVE_INFINITY)
  assert.ok(Number.isNaN(momentsOf([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]).mean))
  assert.ok(Number.isNaN(momentsOf([1, Number.NaN, 2]).mean))
  assert.ok(Number.isNaN(momentsOf([1, Number.POSITIVE_INFINITY]).standardError))
})
