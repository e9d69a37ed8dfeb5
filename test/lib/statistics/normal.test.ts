/** The normal distribution's tail against scipy, and its quantiles against the tail. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { upperQuantile, upperTail } from '../../../lib/statistics/normal.ts'
import { near, pValues } from '../../golden/p-values.ts'

test('should give the tail as scipy does, far out too', () => {
  for (const [z, p] of pValues().normal) near(upperTail(z), p, `z = ${z}`, 1e-12)
  assert.ok(Number.isNaN(upperTail(Number.NaN)))
})

test('should find the place of a tail', () => {
  for (const p of [0.5, 0.2, 0.025, 1e-3, 1e-12, 1e-100]) near(upperTail(upperQuantile(p)), p, `p = ${p}`)
  assert.ok(Math.abs(upperQuantile(0.025) - 1.959963984540054) < 1e-12)
})
