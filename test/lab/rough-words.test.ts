/** Numbers that are known roughly have two digits and a unit that fits. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { roughCores, roughTime, shortTime, twoDigits } from '../../lab/rough-words.ts'

test('should say times in two digits', () => {
  const said = [3, 480, 1_000, 48_300, 89_000, 2_134_000, 5_400_000, 18_800_000, 3 * 86_400_000].map(
    roughTime,
  )
  assert.deepEqual(said, [
    '3 ms',
    '480 ms',
    '1 second',
    '48 seconds',
    '89 seconds',
    '36 minutes',
    '1.5 hours',
    '5.2 hours',
    '3 days',
  ])
  assert.equal(roughTime(4e12), '46,000 days')
})

test('should say the time of cores in two digits', () => {
  const said = [48_300, 720_000, 4_320_000, 5_400_000, 3_600_000_000].map(roughCores)
  assert.deepEqual(said, [
    '48 core-seconds',
    '12 core-minutes',
    '72 core-minutes',
    '1.5 core-hours',
    '1,000 core-hours',
  ])
})

test('should say how long a chunk took, whatever that is', () => {
  assert.deepEqual([0.0312, 3.21, 994, 999, 1_234, 59_000, 208_000].map(shortTime), [
    '0.031 ms',
    '3.2 ms',
    '990 ms',
    '1.0 s',
    '1.2 s',
    '59 s',
    '3.5 minutes',
  ])
  assert.equal(twoDigits(123_456), '120,000')
})
