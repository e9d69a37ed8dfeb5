/** What comes over an engine's port may be anybody's: only what an engine says is heard. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { told } from '../../../web/client/engine-words.ts'

test('should hear what engines say, cut where it is long', () => {
  const bytes = new Uint8Array(2)
  assert.deepEqual(told({ kind: 'done', chunk: 1, bytes, more: 1 }), { kind: 'done', chunk: 1, bytes })
  assert.deepEqual(told({ kind: 'ready', why: 'x' }), { kind: 'ready' })
  const long = told({ kind: 'failed', chunk: 0, why: 'x'.repeat(1e6) })
  assert.equal((long as { why: string }).why.length, 500)
})

test('should hear nothing else', () => {
  for (const said of [
    null,
    'done',
    { kind: 'done', chunk: 1, bytes: 'x' },
    { kind: 'done', bytes: new Uint8Array(1) },
    { kind: 'failed', chunk: 1 },
    { kind: 'refused' },
  ])
    assert.equal(told(said), null)
  fc.assert(
    fc.property(fc.anything(), (said) => told(said) === null),
    { seed: 8, numRuns: 500 },
  )
})
