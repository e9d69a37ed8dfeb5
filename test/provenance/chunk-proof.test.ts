/** Chunk proofs: they stand alone, in no time, and nothing of one can be changed unseen. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { fromHex, toHex, utf8 } from '../../lib/digest.ts'
import { leafHash, merkleRoot } from '../../lib/merkle.ts'
import { parseVerifierKey } from '../../lib/note.ts'
import {
  beginsAsChunkProof,
  type ChunkProof,
  chunkProof,
  chunkProofBytes,
  verifyChunkProof,
} from '../../provenance/chunk-proof.ts'
import { type Sealed, sealedRun } from './record.ts'
import { Trees } from './tree.ts'

const trees = new Trees()
let sealed: Sealed
before(async () => {
  sealed = await sealedRun(trees)
})
after(() => trees.remove())

function proofOf(chunk: number): ChunkProof {
  const { experiment, results, proof } = sealed.manifest
  const leaves = (results.leaves as readonly string[]).map(fromHex)
  const { entry = null, log = null, key = null } = proof
  const run = { experiment: experiment.hash, root: results.root, leaves }
  return chunkProof(run, chunk, sealed.chunks[chunk]!.bytes, { entry, log, key })
}

/** Demands that a proof is not valid, for a problem at `where`. */
function refuse(proof: object, where: string, what: RegExp): void {
  const found = verifyChunkProof(chunkProofBytes(proof as ChunkProof))
  assert.equal(found.valid, false, where)
  assert.ok(
    found.problems.some((problem) => problem.where === where && what.test(problem.what)),
    `${where}: ${what} is not in ${JSON.stringify(found.problems)}`,
  )
}

test('should be valid for every chunk, and say what was checked and what was not', () => {
  for (const { chunk } of sealed.chunks) {
    const bytes = chunkProofBytes(proofOf(chunk))
    assert.ok(beginsAsChunkProof(bytes))
    const { valid, problems, checked, unchecked, proof } = verifyChunkProof(bytes)
    assert.deepEqual([valid, problems, proof?.chunk], [true, [], chunk])
    assert.deepEqual(checked, [
      'exact text',
      'path from the chunk to the root',
      'ledger entry and its inclusion',
      'checkpoint’s signature',
    ])
    assert.match(unchecked.join(), /signed by a key you have not trusted.*compare it.*see rerun/)
  }
  assert.ok(!beginsAsChunkProof(sealed.bytes))
})

test('should be believed by whom trusts the key, and refused by whom demands another', () => {
  const proof = proofOf(1)
  const key = parseVerifierKey(proof.key!)
  const bytes = chunkProofBytes(proof)
  const { checked } = verifyChunkProof(bytes, { keys: [key], demanded: true })
  assert.match(checked.join(), /signed by a key you trust/)
  assert.equal(verifyChunkProof(bytes, { keys: [], demanded: true }).valid, false)
  const unsigned = chunkProofBytes({ ...proof, entry: null, log: null, key: null })
  const found = verifyChunkProof(unsigned)
  assert.equal(found.valid, true)
  assert.match(found.unchecked.join(), /that the root is one of this experiment,.*carries none/)
  assert.equal(verifyChunkProof(unsigned, { keys: [key], demanded: true }).valid, false)
})

test('should be refused with anything that is not of this chunk and root', () => {
  const [proof, other] = [proofOf(2), proofOf(1)]
  const hash = 'ab'.repeat(32)
  const cases: [object, string, RegExp][] = [
    [{ bytes: proof.bytes.replace('0.', '1.') }, 'chunk 2', /do not lead to the root/],
    [{ bytes: other.bytes }, 'chunk 2', /do not lead to the root/],
    [{ chunk: 1 }, 'chunk 1', /do not lead to the root/],
    [{ chunks: 3 }, 'chunk 2', /do not lead to the root/],
    [{ chunks: 3 }, 'proof', /another chunks/],
    [{ path: other.path }, 'chunk 2', /do not lead to the root/],
    [{ path: [] }, 'chunk 2', /do not lead to the root/],
    [{ path: [...proof.path, hash] }, 'chunk 2', /do not lead to the root/],
    [{ root: hash }, 'chunk 2', /do not lead to the root/],
    [{ root: hash }, 'proof', /another root/],
    [{ experiment: hash }, 'proof', /another experiment/],
    [{ entry: null }, 'proof', /lacks a part/],
    [{ log: null }, 'proof', /lacks a part/],
    [{ entry: proof.entry!.replace('run-sealed', 'note') }, 'proof', /./],
    [{ chunk: 4 }, 'chunk proof', /wrong kind/],
    [{ chunk: -1 }, 'chunk proof', /wrong kind/],
    [{ chunk: 1.5 }, 'chunk proof', /wrong kind/],
    [{ chunks: 2 ** 30 }, 'chunk proof', /wrong kind/],
    [{ path: 'x' }, 'chunk proof', /wrong kind/],
    [{ path: Array.from({ length: 65 }, () => hash) }, 'chunk proof', /wrong kind/],
    [{ root: hash.toUpperCase() }, 'chunk proof', /wrong kind/],
    [{ bytes: 5 }, 'chunk proof', /wrong kind/],
    [{ entry: 5 }, 'chunk proof', /wrong kind/],
    [{ format: 'reprise/chunk-proof/2' }, 'chunk proof', /another format/],
    [{ more: 1 }, 'chunk proof', /exactly the keys/],
  ] // biome-ignore format: a table
  for (const [change, where, what] of cases) refuse({ ...proof, ...change }, where, what)
  for (const key of Object.keys(proof)) {
    const { [key as 'root']: _, ...less } = proof
    refuse(less, 'chunk proof', /exactly the keys/)
  }
})

test('should be refused for any byte that is changed', () => {
  const whole = chunkProofBytes(proofOf(3))
  for (let i = 0; i < whole.length; i++)
    for (const mask of [1, 0x20, 0x80]) {
      const changed = Uint8Array.from(whole)
      changed[i]! ^= mask
      assert.equal(verifyChunkProof(changed).valid, false, `byte ${i}`)
    }
})

test('should be valid in the largest runs, in milliseconds', () => {
  const chunks = 100_000
  const texts = (i: number) => `{"chunk":${i},"jobs":[]}`
  const leaves = Array.from({ length: chunks }, (_, i) => leafHash(utf8(texts(i))))
  const run = { experiment: 'ab'.repeat(32), root: toHex(merkleRoot(leaves)), leaves }
  const unsigned = { entry: null, log: null, key: null }
  const bytes = chunkProofBytes(chunkProof(run, 77_777, utf8(texts(77_777)), unsigned))
  const times = Array.from({ length: 20 }, () => {
    const start = performance.now()
    assert.equal(verifyChunkProof(bytes).valid, true)
    return performance.now() - start
  })
  assert.ok(Math.min(...times) < 50, `${Math.min(...times)} ms`)
})
