/** The signed-rank test against scipy and, where differences are tied, against an enumeration of all signs. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signedRank } from '../../../lib/statistics/signed-rank.ts'
import { near, pValues } from '../../golden/p-values.ts'

test('should give exact p-values, with ties and zeros and without', () => {
  for (const { differences, p } of pValues().signedRank) {
    const found = signedRank(differences)
    near(found.p, p, String(differences))
    assert.ok(found.exact)
    near(signedRank(differences.map((d) => -d)).p, p, 'the other way round')
  }
})

test('should take the normal distribution where exactness is too much work, and say so', () => {
  for (const { differences, p } of pValues().signedRankNormal) {
    const found = signedRank(differences)
    near(found.p, p, `${differences.length} pairs`)
    assert.equal(found.exact, false)
  }
})

test('should be the sign test where all differences have one size', () => {
  const ten = [1, 1, 1, 1, 1, 1, 1, 1, -1, 0, 1]
  near(signedRank(ten).p, (2 * (1 + 10)) / 2 ** 10, 'nine of ten')
})

test('should rank an infinite difference above all', () => {
  const { POSITIVE_INFINITY: infinity } = Number
  assert.equal(signedRank([-infinity, 1, 2]).p, signedRank([-9, 1, 2]).p)
  assert.deepEqual(signedRank([0, 0]), { p: 1, exact: true })
})
