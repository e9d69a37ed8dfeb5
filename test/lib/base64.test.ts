/** Base64: the same text as Node's own, and one text only for each byte string. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fromBase64, toBase64 } from '../../lib/base64.ts'
import { runs } from './arbitrary.ts'
import { refused } from './refusal.ts'

test('should write what Node writes and read it back, also beyond one slice', () => {
  const check = (bytes: Uint8Array) => {
    const text = toBase64(bytes)
    assert.equal(text, Buffer.from(bytes).toString('base64'))
    assert.deepEqual(fromBase64(text), bytes)
  }
  fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), check), runs(300))
  for (const length of [0x7fff, 0x8000, 0x8001, 100_000]) {
    check(Uint8Array.from({ length }, (_, i) => (i * 31) % 256))
  }
})

test('should refuse every other spelling of the same bytes', () => {
  assert.deepEqual(fromBase64('AQ=='), Uint8Array.of(1))
  for (const odd of [
    'AQ',
    'AQ=',
    'AQ===',
    'AR==',
    ' AQ==',
    'AQ==\n',
    'A Q==',
    'AQ-_',
    '=',
    'AQ==AQ==',
    '*',
  ]) {
    refused(() => fromBase64(odd), 'not-intact', { says: 'base64' })
  }
})
