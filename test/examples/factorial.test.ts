/** The factorial example against the numbers of the textbook it comes from, to the last digit. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import factorials, { factorial } from '../../examples/factorial.ts'
import { chunkBytes, resultsAt } from './execute.ts'

const EXPECTED = [
  2n,
  720n,
  3628800n,
  2432902008176640000n,
  265252859812191058636308480000000n,
  815915283247897734345611269596115894272000000000n,
]

test('the map gives the factorials, in the order of its items', async () => {
  assert.deepEqual(await resultsAt(factorials, () => true), EXPECTED)
})

test('it is what Array.prototype.map gives', () => {
  assert.deepEqual([2, 6, 10, 20, 30, 40].map(factorial), EXPECTED)
})

test('one job is one chunk', async () => {
  const text = new TextDecoder().decode(await chunkBytes(factorials, 1))
  assert.equal(text, '{"chunk":1,"jobs":[{"result":{"$bigint":"720"}}]}')
})
