/** A record under judgement: whatever of it was changed is found and said where, and what is drawn and said is what rerun draws and says. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { utf8 } from '../../../lib/digest.ts'
import { RepriseError } from '../../../lib/errors.ts'
import { manifestBytes } from '../../../provenance/manifest.ts'
import { type HeldRecord, Judgement } from '../../../web/verification/judgement.ts'
import { NOTHING } from '../../../web/verification/rerun-verdict.ts'
import { forged, sealedRun } from '../../provenance/record.ts'
import { Trees } from '../../provenance/tree.ts'

const trees = new Trees()
after(() => trees.remove())
const sealed = await sealedRun(trees)
const chunks = Buffer.concat(sealed.chunks.flatMap(({ bytes }) => [bytes, utf8('\n')]))
const held: HeldRecord = { manifest: sealed.bytes, leaves: null, capsule: null, chunks }
const judged = (record: Partial<HeldRecord> = {}) =>
  new Judgement({ ...held, ...record }, () => new Uint8Array(32).fill(5))
const problems = (record: Partial<HeldRecord>) =>
  judged(record)
    .verify(null)
    .problems.map(({ where, what }) => `${where}: ${what}`)
    .join('\n')

test('should find the real record intact, and say what was not checked', () => {
  const { valid, checked, unchecked, about } = judged().verify(null)
  assert.equal(valid, true)
  assert.ok(checked.includes('every chunk') && checked.includes('checkpoint’s signature'))
  assert.ok(unchecked.some((words) => words.includes('a key you have not trusted')))
  assert.equal(about!.signer!.key, sealed.manifest.proof.key)
  assert.ok(about!.signer!.key.startsWith(`reprise/key/${about!.signer!.fingerprint.slice(0, 16)}+`))
  assert.deepEqual(about!.lacking, [])
  const { manifest } = sealed
  const facts = Object.fromEntries(about!.facts)
  assert.equal(facts['result root'], manifest.results.root)
  assert.equal(facts['experiment hash'], manifest.experiment.hash)
  assert.equal(facts.experiment, manifest.experiment.document.name)
  assert.equal(facts.commit, manifest.run.code.commit ?? 'none')
  assert.equal(facts.witnesses, 'none')
})

test('should say where a leaf, a chunk, the capsule, the document or the signature was changed', () => {
  const { manifest } = sealed
  const [leaf] = manifest.results.leaves as readonly string[]
  const other = (text: string, part: string) => {
    const changed = part.replace(/[0-9a-f]/, (c) => (c === '1' ? '2' : '1'))
    assert.ok(text.includes(part) && changed !== part)
    return utf8(text.replace(part, changed))
  }
  const text = Buffer.from(sealed.bytes).toString()
  assert.match(problems({ manifest: other(text, leaf!) }), /leaves: the root is not the root/)
  const bytes = Buffer.from(chunks)
  bytes[bytes.indexOf('\n') + 20]! ^= 1
  assert.equal(problems({ chunks: bytes }), 'chunk 1: its bytes are not those whose hash is in the manifest')
  assert.match(
    problems({ manifest: forged(manifest, (loose) => (loose.capsule.source += '\n')) }),
    /capsule: the capsule is not the one/,
  )
  assert.match(
    problems({ manifest: forged(manifest, (loose) => (loose.experiment.document.name = 'other')) }),
    /manifest: experiment.hash is not the hash/,
  )
  const { proof } = manifest
  const signature = proof.log!.trimEnd().slice(-40)
  const resigned = {
    ...manifest,
    proof: { ...proof, log: proof.log!.replace(signature, [...signature].reverse().join('')) },
  }
  assert.match(problems({ manifest: manifestBytes(resigned) }), /signature|proof/)
})

test('should say where any changed byte of the chunks is', () => {
  fc.assert(
    fc.property(fc.nat(chunks.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
      const bytes = Buffer.from(chunks)
      bytes[at]! ^= mask
      const line = chunks.subarray(0, at).filter((byte) => byte === 10).length
      const isEnd = at === chunks.length - 1
      if (!isEnd) assert.match(problems({ chunks: bytes }), new RegExp(`^chunk ${line}: `))
      else assert.notEqual(problems({ chunks: bytes }), '')
    }),
    { seed: 8, numRuns: 15 },
  )
})

test('should demand the key that its reader expects, and refuse what is none', () => {
  assert.ok(
    judged()
      .verify(sealed.manifest.proof.key!)
      .checked.some((words) => words.includes('a key you trust')),
  )
  const strange = 'reprise/key/d00d+01465446+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea'
  assert.equal(judged().verify(null).isExpected, null)
  assert.equal(judged().verify(sealed.manifest.proof.key!).isExpected, true)
  const others = judged().verify(strange)
  assert.deepEqual([others.valid, others.isExpected, others.problems], [true, false, []])
  assert.ok(others.unchecked.some((words) => words.includes('a key you have not trusted')))
  const leaf = utf8('{"chunk":1}')
  const broken = judged({ chunks: leaf }).verify(strange)
  assert.deepEqual([broken.valid, broken.isExpected], [false, false])
  assert.equal(judged({ chunks: leaf }).verify(sealed.manifest.proof.key!).isExpected, true)
  assert.throws(() => judged().verify('no key'), RepriseError)
})

test('should draw by the entropy that it is given, compare bits, and say in words where they differ', () => {
  const judgement = judged()
  assert.throws(() => judgement.plan(2, null), /has not been verified/)
  judgement.verify(null)
  const plan = judgement.plan(2, null)
  assert.equal(plan.entropy, '05'.repeat(32))
  assert.equal(plan.sample!.length, 2)
  assert.equal(judgement.plan(null, null).sample, null)
  const { bytes } = sealed.chunks[0]!
  assert.equal(judgement.compare(0, bytes).likeness.kind, 'identical')
  const changed = utf8(Buffer.from(bytes).toString().replace('"x":0.', '"x":0.1'))
  assert.match(
    judgement.compare(0, changed).words!,
    /^chunk 0 \(a=1 b="?x"?\), job 0 \(repetition 0\), result\.x: expected 0\.\d+, got 0\.1/,
  )
  assert.match(judgement.compare(0, utf8('<script>')).words!, /^chunk 0: what came is no chunk/)
  assert.equal(judgement.compare(0, changed).likeness.kind, 'divergent')
  assert.match(
    judgement.verdict(plan, { ...NOTHING, identical: 2 }).statement,
    /^2 of 2 identical: with 95 % confidence at most/,
  )
  assert.match(
    judgement.verdict(plan, { ...NOTHING, identical: 1 }).statement,
    /^1 of 1 identical, 1 was not executed/,
  )
  assert.equal(judgement.code().sha256, sealed.manifest.capsule.sha256)
})
