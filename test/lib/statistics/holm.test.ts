/** Holm's correction against its definition. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { holm } from '../../../lib/statistics/holm.ts'
import { near, pValues } from '../../golden/p-values.ts'

test('should correct a whole family', () => {
  for (const { p, corrected } of pValues().holm) {
    for (const [i, found] of holm(p, p.length).entries()) near(found, corrected[i]!, `${i} of ${p}`)
  }
})

test('should correct the smallest of many', () => {
  assert.deepEqual(holm([0.25, 0.25, 0.5], 3), [0.75, 0.75, 0.75])
  assert.deepEqual(holm([0.0625, 0.125], 8), [0.5, 0.875])
  assert.deepEqual(holm([], 0), [])
})
