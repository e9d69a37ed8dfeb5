/** Sets of indices: what is written is read, what Slurm writes too, and nothing that is none or too large. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readIndices, writeIndices } from '../../../runners/slurm/index-set.ts'

test('should read what it writes: each index once, ascending', () => {
  const indices = fc.array(fc.oneof(fc.nat(30), fc.nat(4_000_000)), { minLength: 1, maxLength: 200 })
  fc.assert(
    fc.property(indices, (some) => {
      const expected = [...new Set(some)].sort((a, b) => a - b)
      assert.deepEqual(readIndices(writeIndices(some)), expected)
      assert.deepEqual(readIndices(`[${writeIndices(some)}%7]`), expected)
    }),
  )
})

test('should write runs short', () => {
  assert.equal(writeIndices([9, 0, 1, 2, 2, 7, 10]), '0-2,7,9-10')
  assert.equal(writeIndices([]), '')
})

test('should read what Slurm writes', () => {
  const texts = [
    ['0', [0]],
    ['0-3,7,9-12:2%5', [0, 1, 2, 3, 7, 9, 11]],
    ['[4-5]', [4, 5]],
    ['[1,3,5%2]', [1, 3, 5]],
    ['5,0-6:3,3', [0, 3, 5, 6]],
    ['9-12:100', [9]],
  ] as const
  for (const [text, indices] of texts) assert.deepEqual(readIndices(text), indices, text)
})

test('should not read what is no set, was cut short, or claims to hold more than there can be', () => {
  const texts = ['', 'N/A', '-1', '3-1', '1-', '1,,2', '0-5:0', '0x3', '1;2', '[1', '0-3,7,...', '1 2', '1-2-3', '4000001', '0-9999999', '0-99999999999', Array(3).fill('0-2000000').join(',')] // biome-ignore format: a list of words
  for (const text of texts) assert.equal(readIndices(text), null, text)
  assert.equal(readIndices('0-4000000')?.length, 4_000_001)
})
