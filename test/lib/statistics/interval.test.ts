/** Intervals of means and shares against values by mpmath, and where there is nothing to say. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { deviation, meanInterval, shareInterval } from '../../../lib/statistics/interval.ts'
import { RunningMoments } from '../../../lib/statistics/moments.ts'

function momentsOf(values: readonly number[]) {
  const running = new RunningMoments()
  for (const value of values) running.add(value)
  return running.moments
}

test('should give Wilson’s interval, which never leaves 0 to 1', () => {
  const known: readonly (readonly [hits: number, count: number, low: number, high: number])[] = [
    [0, 10, 0, 0.27753279986289],
    [3, 10, 0.1077912674063, 0.60322185253885],
    [50, 100, 0.403831530366, 0.596168469634],
    [999, 1000, 0.99435744140204, 0.99982345362937],
    [10, 10, 0.72246720013711, 1],
  ]
  for (const [hits, count, low, high] of known) {
    const found = shareInterval(hits, count)
    assert.ok(Math.abs(found.low - low) < 1e-12 && Math.abs(found.high - high) < 1e-12, `${hits} of ${count}`)
  }
})

test('should hold a mean’s interval around it, wider by t than by the standard error', () => {
  const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 50 })
  fc.assert(
    fc.property(values, (list) => {
      const moments = momentsOf(list)
      const { low, high } = meanInterval(moments)!
      assert.ok(low <= moments.mean! && moments.mean! <= high)
      assert.ok(high - moments.mean! >= 1.9599 * moments.standardError!)
    }),
    { seed: 8, numRuns: 200 },
  )
})

test('should take standard deviations back from standard errors', () => {
  assert.ok(Math.abs(deviation(momentsOf([2, 4, 4, 4, 5, 5, 7, 9]))! - Math.sqrt(32 / 7)) < 1e-14)
})

test('should say nothing of fewer than two', () => {
  assert.equal(meanInterval(momentsOf([])), null)
  assert.equal(meanInterval(momentsOf([3])), null)
  assert.equal(deviation(momentsOf([3])), null)
})
