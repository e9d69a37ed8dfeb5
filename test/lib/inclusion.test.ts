/** Inclusion proofs: published vectors, the recursive definition of RFC 6962, and what must not pass. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { toHex, u32be } from '../../lib/digest.ts'
import { inclusionProof, rootFromInclusion } from '../../lib/inclusion.ts'
import { leafHash, merkleRoot } from '../../lib/merkle.ts'
import { rfc6962, unhex } from '../golden/vectors.ts'
import { runs } from './arbitrary.ts'

const published = rfc6962.leaves.map((leaf) => leafHash(unhex(leaf)))
const leavesOf = (n: number) => Array.from({ length: n }, (_, i) => leafHash(u32be(i)))

/** Paths of the reference implementation of certificate transparency, over the first n of the published leaves. */
const PATHS: readonly { index: number; n: number; path: readonly string[] }[] = [
  { index: 0, n: 1, path: [] },
  {
    index: 0,
    n: 8,
    path: [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  },
  {
    index: 5,
    n: 8,
    path: [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  },
  { index: 2, n: 3, path: ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'] },
  {
    index: 1,
    n: 5,
    path: [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  },
]

test('should give the published paths, and lead back from them to the published roots', () => {
  for (const { index, n, path } of PATHS) {
    assert.deepEqual(inclusionProof(published.slice(0, n), index).map(toHex), path)
    const root = rootFromInclusion(published[index]!, index, n, path.map(unhex))
    assert.equal(root === null ? null : toHex(root), rfc6962.roots[n - 1])
  }
})

/** PATH(m, D[n]) of RFC 6962 §2.1.1 as it stands there. */
function definition(m: number, leaves: readonly Uint8Array[]): Uint8Array[] {
  if (leaves.length === 1) return []
  let k = 1
  while (2 * k < leaves.length) k *= 2
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)]
  return m < k ? [...definition(m, left), merkleRoot(right)] : [...definition(m - k, right), merkleRoot(left)]
}

test('should be the path of the definition, and lead to the root, for every leaf of every small tree', () => {
  for (let n = 1; n <= 33; n++) {
    const leaves = leavesOf(n)
    const root = merkleRoot(leaves)
    leaves.forEach((leaf, m) => {
      const path = inclusionProof(leaves, m)
      assert.deepEqual(path, definition(m, leaves), `leaf ${m} of ${n}`)
      assert.deepEqual(rootFromInclusion(leaf, m, n, path), root, `leaf ${m} of ${n}`)
    })
  }
})

test('should lead to the root in trees of any size', () => {
  const property = fc.property(fc.integer({ min: 1, max: 3000 }), fc.nat(), (n, seed) => {
    const leaves = leavesOf(n)
    const m = seed % n
    const path = inclusionProof(leaves, m)
    assert.ok(path.length <= Math.ceil(Math.log2(n)))
    assert.deepEqual(rootFromInclusion(leaves[m]!, m, n, path), merkleRoot(leaves))
  })
  fc.assert(property, runs(10))
})

test('should not lead to the root with another leaf, place, size or path', () => {
  for (const n of [1, 2, 5, 8, 13]) {
    const leaves = leavesOf(n)
    const root = merkleRoot(leaves)
    for (let m = 0; m < n; m++) {
      const path = inclusionProof(leaves, m)
      const wrong = (...[leaf, index, size, hashes]: Parameters<typeof rootFromInclusion>) =>
        assert.notDeepEqual(rootFromInclusion(leaf, index, size, hashes), root, `leaf ${m} of ${n}`)
      wrong(leafHash(u32be(99)), m, n, path)
      for (let other = 0; other < n; other++) if (other !== m) wrong(leaves[m]!, other, n, path)
      path.forEach((hash, i) => {
        for (const bit of [0, 7, 100, 255]) {
          const changed = Uint8Array.from(hash)
          changed[bit >> 3]! ^= 1 << (bit & 7)
          wrong(leaves[m]!, m, n, path.with(i, changed))
        }
      })
      for (const odd of [[...path, root], path.slice(1), path.slice(0, -1)])
        if (odd.length !== path.length) assert.equal(rootFromInclusion(leaves[m]!, m, n, odd), null)
    }
  }
})

test('should refuse places and hashes that are none', () => {
  const leaf = leafHash(u32be(0))
  for (const [
    index,
    size,
  ] of [[-1, 1], [1, 1], [0, 0], [0.5, 2], [Number.NaN, 2], [0, Number.POSITIVE_INFINITY], [0, 2 ** 60]] as const) // biome-ignore format: a list
    assert.equal(rootFromInclusion(leaf, index, size, []), null)
  assert.equal(rootFromInclusion(leaf, 0, 2, [leaf.subarray(1)]), null)
  for (const index of [-1, 3, 0.5, Number.NaN])
    assert.throws(() => inclusionProof(leavesOf(3), index), RangeError)
  const long = Array.from({ length: 53 }, () => leaf)
  assert.notEqual(rootFromInclusion(leaf, 2 ** 52, 2 ** 53 - 1, long), null)
  assert.equal(rootFromInclusion(leaf, 2 ** 52, 2 ** 53 - 1, long.slice(1)), null)
})
