/** SHA-256 and H: against Python's hashlib, and no two lists of parts give one input. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Domain, fromHex, hash, sha256, toHex, u32be, u64be } from '../../lib/digest.ts'
import { unhex, vectors } from '../golden/vectors.ts'
import { runs } from './arbitrary.ts'
import { refused } from './refusal.ts'

test('should not change its output except for a new format', () => {
  for (const { bytes, digest } of vectors.sha256) assert.equal(toHex(sha256(unhex(bytes))), digest)
  for (const { domain, parts, digest } of vectors.hash) {
    assert.equal(toHex(hash(domain as Domain, ...parts.map(unhex))), digest)
  }
  for (const { n, bytes } of vectors.u32be) assert.equal(toHex(u32be(n)), bytes)
  for (const { n, bytes } of vectors.u64be) assert.equal(toHex(u64be(n)), bytes)
})

test('should hash two lists of parts alike only when they are the same list', () => {
  const parts = fc.array(fc.uint8Array({ maxLength: 3 }), { maxLength: 4 })
  const key = (list: readonly Uint8Array[]) => JSON.stringify(list.map(toHex))
  const digest = (list: readonly Uint8Array[]) => toHex(hash('reprise/job-seed/1', ...list))
  const property = fc.property(parts, parts, (one, other) => {
    assert.equal(digest(one) === digest(other), key(one) === key(other))
  })
  fc.assert(property, runs(500))
  const whole = Uint8Array.of(1, 2, 3)
  const cuts = [
    [whole],
    [whole.slice(0, 1), whole.slice(1)],
    [whole.slice(0, 2), whole.slice(2)],
    [whole, whole.slice(3)],
  ]
  assert.equal(new Set(cuts.map(digest)).size, cuts.length)
})

test('should keep domains apart', () => {
  const domains: Domain[] = [
    'reprise/experiment/1',
    'reprise/chunk-seed/1',
    'reprise/job-seed/1',
    'reprise/stream-seed/1',
    'reprise/shared-seed/1',
    'reprise/sample/1',
  ]
  assert.equal(new Set(domains.map((domain) => toHex(hash(domain, Uint8Array.of(1))))).size, domains.length)
})

test('should read its own hex and no other', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) =>
      assert.deepEqual(fromHex(toHex(bytes)), bytes),
    ),
    runs(100),
  )
  const good = 'ab'.repeat(32)
  for (const odd of [
    '',
    good.toUpperCase(),
    good.slice(1),
    `${good}0`,
    `${good}\n`,
    ` ${good}`,
    `0x${good.slice(2)}`,
    good.replace('a', 'g'),
  ]) {
    refused(() => fromHex(odd), 'not-intact', { says: '64 lower-case hex digits' })
  }
})

test('should refuse what is not a u32 or a safe u64', () => {
  for (const n of [-1, 0.5, 2 ** 32, Number.NaN, Number.POSITIVE_INFINITY])
    assert.throws(() => u32be(n), RangeError)
  for (const n of [-1, 0.5, 2 ** 53, Number.NaN]) assert.throws(() => u64be(n), RangeError)
})
