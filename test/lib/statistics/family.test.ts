/** A family of tests: counted whole, corrected at its small end. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sha256, utf8 } from '../../../lib/digest.ts'
import { randomStream } from '../../../lib/random.ts'
import { Family } from '../../../lib/statistics/family.ts'
import { rankSum } from '../../../lib/statistics/rank-sum.ts'
import { smirnov } from '../../../lib/statistics/smirnov.ts'

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

test('should find a difference where there is none no more often than the level says', () => {
  const random = randomStream('alea', sha256(utf8('nothing differs')))
  const sample = (n: number) => Array.from({ length: n }, () => Math.floor(random() * 20)) // with ties
  const isFound = () => {
    const family = new Family<{ p: number }>()
    for (let point = 0; point < 4; point++) {
      const [left, right] = [sample(12), sample(15)]
      for (const { p, exact } of [rankSum(left, right), smirnov(left, right)]) family.add({ p }, exact)
    }
    return family.smallest()[0]!.corrected <= 0.1
  }
  const times = 600
  const share = Array.from({ length: times }, isFound).filter(Boolean).length / times
  assert.ok(share > 0.01 && share < 0.1 + 3 * Math.sqrt((0.1 * 0.9) / times), `${share} of all families`)
})
