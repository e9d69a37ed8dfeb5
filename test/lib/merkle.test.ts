/** The Merkle tree: RFC 6962's published roots, Python's, and the recursive definition. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sha256, toHex, utf8 } from '../../lib/digest.ts'
import { leafHash, merkleRoot, nodeHash, RootBuilder } from '../../lib/merkle.ts'
import { rfc6962, unhex, vectors } from '../golden/vectors.ts'
import { runs } from './arbitrary.ts'

test('should not change its output except for a new format', () => {
  for (const { bytes, hash } of vectors.leaves) assert.equal(toHex(leafHash(unhex(bytes))), hash)
  const builder = new RootBuilder()
  const roots = new Map([[0, toHex(builder.root())]])
  for (let i = 0; i < 1025; i++) {
    builder.add(leafHash(utf8(String(i))))
    roots.set(i + 1, toHex(builder.root()))
  }
  assert.deepEqual(
    vectors.roots.slice(0, 21).map(({ n }) => n),
    Array.from({ length: 21 }, (_, n) => n),
  )
  for (const { n, root } of vectors.roots) assert.equal(roots.get(n), root, `${n} leaves`)
})

test('should agree with the published roots', () => {
  const leaves = rfc6962.leaves.map((leaf) => leafHash(unhex(leaf)))
  assert.equal(toHex(merkleRoot([])), rfc6962.empty)
  rfc6962.roots.forEach((root, i) => {
    assert.equal(toHex(merkleRoot(leaves.slice(0, i + 1))), root)
  })
})

/** RFC 6962 §2.1 as it stands there. */
function definition(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return sha256(new Uint8Array(0))
  if (leaves.length === 1) return leaves[0]!
  let k = 1
  while (2 * k < leaves.length) k *= 2
  return nodeHash(definition(leaves.slice(0, k)), definition(leaves.slice(k)))
}

test('should give the root of the recursive definition at every moment', () => {
  const leaf = fc.uint8Array({ minLength: 32, maxLength: 32 })
  const property = fc.property(fc.array(leaf, { maxLength: 70 }), (leaves) => {
    const builder = new RootBuilder()
    leaves.forEach((digest, i) => {
      builder.add(digest)
      assert.deepEqual(builder.root(), definition(leaves.slice(0, i + 1)))
    })
    assert.deepEqual(merkleRoot(leaves), definition(leaves))
  })
  fc.assert(property, runs(25))
})

test('should give another root when leaves change places, repeat or pose as nodes', () => {
  const leaves = Array.from({ length: 6 }, (_, i) => leafHash(utf8(String(i))))
  const variants = [
    leaves,
    leaves.toReversed(),
    leaves.with(0, leaves[1]!),
    leaves.slice(0, 5),
    [...leaves, leaves[5]!],
    [nodeHash(leaves[0]!, leaves[1]!), ...leaves.slice(2)],
  ]
  assert.equal(new Set(variants.map((list) => toHex(merkleRoot(list)))).size, variants.length)
  assert.notDeepEqual(leafHash(new Uint8Array(64)), nodeHash(new Uint8Array(32), new Uint8Array(32)))
})
