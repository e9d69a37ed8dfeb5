/** Proofs that an entry is in a ledger: each leads to its checkpoint, and any that was changed to none. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toBase64 } from '../../lib/base64.ts'
import { checkpointText } from '../../lib/checkpoint.ts'
import { sha256, toHex, utf8 } from '../../lib/digest.ts'
import { inclusionProof } from '../../lib/inclusion.ts'
import { leafHash, merkleRoot } from '../../lib/merkle.ts'
import { signersOf, signNote } from '../../lib/note.ts'
import { checkpointDigest, parseTlogProof, provenBy, tlogProofText } from '../../lib/tlog-proof.ts'
import { refused } from './refusal.ts'
import { signerOf } from './signer.ts'

const me = signerOf('me.example/key')
const ENTRIES = Array.from({ length: 11 }, (_, i) => utf8(`entry ${i}`))

function checkpoint(size: number): string {
  const root = merkleRoot(ENTRIES.slice(0, size).map(leafHash))
  return signNote(checkpointText({ origin: 'me.example/log', size, root }), me)
}

function proof(index: number, size: number): string {
  const path = inclusionProof(ENTRIES.slice(0, size).map(leafHash), index)
  return tlogProofText({ index, path, checkpoint: checkpoint(size) })
}

/** Whether this text proves the entry under a checkpoint that I signed. */
function proves(text: string, entry: Uint8Array): boolean {
  const { note } = provenBy(parseTlogProof(text), entry)
  return signersOf(note, [me.key]).length === 1 && note.signatures.length === 1
}

test('should lead from each entry of each ledger to its checkpoint', () => {
  for (let size = 1; size <= ENTRIES.length; size++) {
    for (let index = 0; index < size; index++) {
      const text = proof(index, size)
      assert.ok(proves(text, ENTRIES[index]!), `${index} of ${size}`)
      assert.equal(tlogProofText(parseTlogProof(text)), text)
      const found = provenBy(parseTlogProof(text), ENTRIES[index]!).checkpoint
      assert.deepEqual([found.origin, found.size], ['me.example/log', size])
    }
  }
})

test('should not lead from another entry, nor from another place', () => {
  for (const size of [1, 2, 5, 8, 11]) {
    for (let index = 0; index < size; index++) {
      const text = proof(index, size)
      for (const [other, entry] of ENTRIES.entries())
        if (other !== index) refused(() => proves(text, entry), 'not-intact', { subject: 'proof' })
      for (let other = 0; other <= size; other++) {
        if (other === index) continue
        const moved = text.replace(`index ${index}\n`, `index ${other}\n`)
        refused(() => proves(moved, ENTRIES[index]!), 'not-intact', { subject: 'proof' })
      }
    }
  }
})

test('should refuse an inner node in an entry’s place', () => {
  const [a, b] = [leafHash(ENTRIES[0]!), leafHash(ENTRIES[1]!)]
  const inner = Uint8Array.of(...a, ...b)
  const shorter = tlogProofText({ index: 0, path: [leafHash(ENTRIES[2]!)], checkpoint: checkpoint(3) })
  refused(() => proves(shorter, inner), 'not-intact')
})

test('should find every change of a single character', () => {
  const text = proof(6, 11)
  for (let i = 0; i < text.length; i++) {
    for (const other of ['0', 'x', '\n', ' ', '+']) {
      if (text[i] === other) continue
      const changed = text.slice(0, i) + other + text.slice(i + 1)
      let valid = false
      try {
        valid = proves(changed, ENTRIES[6]!)
      } catch {}
      assert.equal(valid, false, `character ${i} as ${JSON.stringify(other)}`)
    }
  }
})

test('should refuse what is no proof', () => {
  const text = proof(2, 5)
  const line = `${toBase64(new Uint8Array(32))}\n`
  const texts = [
    '', '\n\n', checkpoint(5), text.replace('@v1', '@v2'), text.replace('c2sp', 'C2sp'), `\n${text}`, text.replaceAll('\n', '\r\n'),
    text.replace('index 2', 'index'), text.replace('index 2', 'index -2'), text.replace('index 2', 'index 02'), text.replace('index 2', 'index 2.0'),
    text.replace('index 2', 'index  2'), text.replace('index 2', 'index 2 '), text.replace('index 2', 'index 90071992547409920'),
    text.replace('index 2\n', `extra AAAA\nindex 2\n`), text.replace('index 2\n', `index 2\n${line.repeat(54)}`),
    text.replace('index 2\n', 'index 2\nAAAA\n'), text.replace('index 2\n', 'index 2\n=\n'), text.slice(0, text.indexOf('\n\n')),
  ] // biome-ignore format: a list
  for (const changed of texts) {
    assert.notEqual(changed, text)
    refused(() => parseTlogProof(changed), 'not-intact')
  }
  for (const path of ['', line, line.repeat(4), line.repeat(53)]) {
    const at = text.indexOf('index 2\n') + 8
    const changed = text.slice(0, at) + path + text.slice(text.indexOf('\n\n') + 1)
    refused(() => proves(changed, ENTRIES[2]!), 'not-intact')
  }
  refused(() => proves(text.replace('index 2', 'index 9999999999999999'), ENTRIES[2]!), 'not-intact')
})

test('should stand for a checkpoint by the SHA-256 of the whole note', () => {
  const note = checkpoint(3)
  assert.equal(toHex(checkpointDigest(note)), toHex(sha256(utf8(note))))
})
