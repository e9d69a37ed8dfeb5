/** Ranks: ties share theirs, NaN is last, zeros are one. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { doubledRanks, inOrder, tieSizes } from '../../../lib/statistics/ranks.ts'

test('should double ranks and share them among ties', () => {
  assert.deepEqual(doubledRanks([]), [])
  assert.deepEqual(doubledRanks([30, 10, 20]), [6, 2, 4])
  assert.deepEqual(doubledRanks([5, 1, 5, 5]), [6, 2, 6, 6])
  assert.deepEqual(doubledRanks([1, 1, 2, 2]), [3, 3, 7, 7])
})

test('should put NaN after every number and take both zeros for one', () => {
  const { NaN: nan, POSITIVE_INFINITY: infinity } = Number
  assert.deepEqual(doubledRanks([nan, infinity, -infinity, nan]), [7, 4, 2, 7])
  assert.deepEqual(doubledRanks([0, -0]), [3, 3])
  assert.deepEqual([nan, 0, -1, infinity].sort(inOrder), [-1, 0, infinity, nan])
})

test('should tell how large ties are', () => {
  assert.deepEqual(tieSizes(doubledRanks([5, 1, 5, 5, 1, 9])).sort(), [1, 2, 3])
})
