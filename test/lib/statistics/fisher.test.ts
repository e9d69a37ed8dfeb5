/** Fisher's test against scipy. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fisher } from '../../../lib/statistics/fisher.ts'
import { near, pValues } from '../../golden/p-values.ts'

test('should give the p-values of scipy', () => {
  const { fisher: cases } = pValues()
  assert.ok(cases.length > 20)
  for (const [k, n, l, m, p] of cases) {
    near(fisher(k, n, l, m), p, `${k}/${n} against ${l}/${m}`)
    near(fisher(l, m, k, n), p, 'the other way round')
    near(fisher(n - k, n, m - l, m), p, 'the other outcome')
  }
})

test('should stay within bounds for many', () => {
  assert.ok(fisher(0, 1_000_000, 1_000_000, 1_000_000) >= 0)
  assert.equal(fisher(500_000, 1_000_000, 500_000, 1_000_000), 1)
  assert.equal(fisher(0, 0, 5, 9), 1)
})
