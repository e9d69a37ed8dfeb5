/** The rank-sum test against scipy and, where values are tied, against an enumeration. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rankSum } from '../../../lib/statistics/rank-sum.ts'
import { near, pValues } from '../../golden/p-values.ts'

test('should give exact p-values, with ties and without', () => {
  for (const { left, right, p } of pValues().rankSum) {
    const found = rankSum(left, right)
    near(found.p, p, `${left} against ${right}`)
    assert.ok(found.exact)
    near(rankSum(right, left).p, p, 'the other way round')
  }
})

test('should take the normal distribution where exactness is too much work, and say so', () => {
  for (const { left, right, p } of pValues().rankSumNormal) {
    const found = rankSum(left, right)
    near(found.p, p, `${left.length} against ${right.length}`)
    assert.equal(found.exact, false)
  }
})

test('should approximate what it would have counted', () => {
  const cases = pValues().rankSum.filter(({ left, right }) => Math.min(left.length, right.length) >= 20)
  assert.ok(cases.length >= 6)
  for (const { left, right, p } of cases) {
    const found = rankSum(left, right, 0)
    assert.equal(found.exact, false)
    if (p > 0.01) near(found.p, p, `${left.length} against ${right.length}`, 0.05)
  }
})

test('should find nothing in nothing, and nothing in values that are all the same', () => {
  assert.deepEqual(rankSum([], [1]), { p: 1, exact: true })
  assert.deepEqual(rankSum([7, 7], [7, 7, 7]), { p: 1, exact: true })
  assert.equal(rankSum(new Array(500).fill(1), new Array(500).fill(1)).p, 1)
})
