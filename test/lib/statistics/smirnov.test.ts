/** Smirnov's test against scipy and, where values are tied, against an enumeration. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rankSum } from '../../../lib/statistics/rank-sum.ts'
import { smirnov } from '../../../lib/statistics/smirnov.ts'
import { near, pValues } from '../../golden/p-values.ts'

test('should give exact p-values, with ties and without', () => {
  for (const { left, right, p } of pValues().smirnov) {
    const found = smirnov(left, right)
    near(found.p, p, `${left} against ${right}`)
    assert.ok(found.exact)
    near(smirnov(right, left).p, p, 'the other way round')
  }
})

test('should take the limit where exactness is too much work, and say so', () => {
  for (const { left, right, p } of pValues().smirnovLimit) {
    const found = smirnov(left, right, 0)
    near(found.p, p, `${left.length} against ${right.length}`)
    assert.equal(found.exact, false)
  }
})

test('should be precise however small the probability', () => {
  const [low, high] = [0, 1000].map((least) => Array.from({ length: 200 }, (_, i) => least + i))
  const { p, exact } = smirnov(low!, high!)
  assert.ok(exact)
  let divisions = 2 // of all C(400, 200), the two that keep the samples apart
  for (let k = 1; k <= 200; k++) divisions *= k / (200 + k)
  near(p, divisions, 'samples apart')
})

test('should see a change of spread that the ranks’ sum does not', () => {
  const narrow = Array.from({ length: 40 }, (_, i) => (i - 19.5) / 100)
  const wide = Array.from({ length: 40 }, (_, i) => i - 19.5)
  assert.ok(rankSum(narrow, wide).p > 0.9)
  assert.ok(smirnov(narrow, wide).p < 1e-4)
})

test('should find nothing in nothing, and nothing in values that are all the same', () => {
  assert.deepEqual(smirnov([], [1]), { p: 1, exact: true })
  assert.deepEqual(smirnov([Number.NaN, 0], [-0, Number.NaN]), { p: 1, exact: true })
})
