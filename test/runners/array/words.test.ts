/** What is remembered is read again as it was, and what is not of this form is not read. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { partKey } from '../../../runners/array/layout.ts'
import { readWord, type Word, wordOf } from '../../../runners/array/words.ts'

const small = fc.integer({ min: 0, max: 999_999_999 })
const part = fc
  .record({
    array: fc.integer({ min: 1, max: 1e6 }),
    index: fc.nat(1e6),
    seq: fc.nat(9_999_999),
    chunks: small,
    engines: fc.array(fc.tuple(small, small), { maxLength: 5 }),
  })
  .map(({ array, index, seq, chunks, engines }): Word => {
    return { about: 'part', key: partKey(array, index, 'ab01', seq, '0'.repeat(64)), chunks, engines }
  })
const task = fc.tuple(small, small).map(([array, index]): Word => ({ about: 'task', array, index }))

test('should read what was written', () => {
  fc.assert(fc.property(fc.oneof(part, task), (word) => assert.deepEqual(readWord(wordOf(word)), word)))
})

test('should not read what is of another form', () => {
  const key = partKey(1, 0, 'aa', 0, '0'.repeat(64))
  for (const text of [
    '',
    'task 1',
    'task 1 2 3',
    'task -1 0',
    'part ../../x 1 ',
    `part ${key} 1`,
    `part ${key} 1 1:2,`,
    `part ${key} x 1:2`,
  ])
    assert.equal(readWord(text), null, text)
  assert.equal(readWord(`part ${key} 1 1:2`)?.about, 'part')
})
