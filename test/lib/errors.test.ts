/** The one error: its line, and its way across a pipe. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ERROR_CODES, fromErrorRecord, RepriseError, toErrorRecord } from '../../lib/errors.ts'

test('should say where, what and what to do next in one line', () => {
  const error = new RepriseError('usage', 'is\r\n  odd', { subject: 'chunk', remedy: 'Give 1' })
  assert.equal(error.line, 'chunk: is odd. Give 1')
  assert.equal(new RepriseError('usage', 'odd').line, 'odd')
  assert.ok(error instanceof Error)
  assert.equal(error.name, 'RepriseError')
})

test('should cross a pipe whole', () => {
  for (const code of ERROR_CODES) {
    const error = new RepriseError(code, 'what', { subject: 'where', remedy: 'next' })
    const back = fromErrorRecord(JSON.parse(JSON.stringify(toErrorRecord(error, 'engine'))))
    assert.ok(back instanceof RepriseError)
    assert.deepEqual([back.code, back.message, back.subject, back.remedy], [code, 'what', 'where', 'next'])
  }
  assert.equal(new Set(ERROR_CODES).size, ERROR_CODES.length)
})

test('should record other errors under the code given', () => {
  assert.deepEqual(toErrorRecord(new TypeError('no'), 'storage'), {
    code: 'storage',
    message: 'TypeError: no',
    subject: '',
    remedy: '',
  })
  assert.equal(toErrorRecord('text', 'engine').message, 'text')
})

test('should keep the cause', () => {
  const cause = new Error('deep')
  assert.equal(new RepriseError('engine', 'x', { cause }).cause, cause)
  assert.ok(!('cause' in new RepriseError('engine', 'x')))
})
