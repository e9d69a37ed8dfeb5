/** A family of tests: counted whole, corrected at its small end. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Family } from '../../../lib/statistics/family.ts'

test('should correct the smallest for the number of all', () => {
  const family = new Family<{ p: number }>()
  for (const p of [0.5, 0.25, 0.0625, 1]) family.add({ p }, true)
  assert.deepEqual(
    family.smallest().map(({ test: { p }, corrected }) => [p, corrected]),
    [
      [0.0625, 0.25],
      [0.25, 0.75],
      [0.5, 1],
      [1, 1],
    ],
  )
  assert.deepEqual(new Family().smallest(), [])
})

test('should count all and keep the smallest of very many', () => {
  const family = new Family<{ p: number }>()
  for (let i = 100_000; i > 0; i--) family.add({ p: i / 100_000 }, i % 2 === 0)
  const smallest = family.smallest()
  assert.deepEqual([family.tests, family.approximate, smallest.length], [100_000, 50_000, 1000])
  assert.deepEqual([smallest[0]?.test.p, smallest[999]?.test.p], [1 / 100_000, 0.01])
  assert.equal(smallest[0]?.corrected, 1)
})
