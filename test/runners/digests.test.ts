/** The same digests as by a hash object, whatever the size. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { nodeHash } from '../../lib/merkle.ts'
import { leafHashOf, nodeHashOf, sha256Of } from '../../runners/digests.ts'

test('should give the digests that they are named for', () => {
  for (const length of [0, 1, 64, 1_000, 2 ** 14 - 2, 2 ** 14 - 1, 2 ** 14, 2 ** 14 + 1, 100_000]) {
    const bytes = Buffer.alloc(length, `${length} bytes`)
    assert.equal(sha256Of(bytes), createHash('sha256').update(bytes).digest('hex'))
    assert.equal(leafHashOf(bytes), createHash('sha256').update('\0').update(bytes).digest('hex'))
    assert.equal(leafHashOf(new Uint8Array(bytes)), leafHashOf(bytes))
  }
  const [left, right] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
  const first = nodeHashOf(left, right)
  assert.deepEqual(Buffer.from(first), Buffer.from(nodeHash(left, right)))
  nodeHashOf(right, left)
  assert.deepEqual(
    Buffer.from(first),
    Buffer.from(nodeHash(left, right)),
    'it is not written over by the next',
  )
})
