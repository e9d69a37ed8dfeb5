/**
 * Whatever is changed in a manifest, its results or its ledger, the independent verifier finds as `reprise verify` does.
 * Whoever changes something here is clever: he makes every digest again that needs no key.
 */
import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'
import { fromHex, toHex } from '../../lib/digest.ts'
import { merkleRoot } from '../../lib/merkle.ts'
import { type Signer, signNote, verifierKey, verifierKeyText } from '../../lib/note.ts'
import { type Manifest, manifestBytes, withProof } from '../../provenance/manifest.ts'
import { verifyManifest } from '../../provenance/verify.ts'
import type { Answer } from '../cli/project.ts'
import { examine, examineEach, intact, placesIn, sealed, UNLESS_THERE } from './independent.ts'

/** Another digit, letter or digest in a text at the first match. */
const altered = (text: string, pattern: RegExp) => {
  const at = pattern.exec(text)
  assert.ok(at !== null, `${pattern} in ${text}`)
  const end = at.index + at[0].length - 1
  return text.slice(0, end) + (text[end] === '1' ? '2' : '1') + text.slice(end + 1)
}
const DIGEST = 'ab'.repeat(32)

function stranger(): Signer {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url')
  return {
    key: verifierKey('stranger', Uint8Array.from(raw)),
    sign: (bytes) => sign(null, bytes, privateKey),
  }
}

/** Changes of a manifest, and where the independent verifier must see them; digests that need no key are made again. */
const CHANGES: readonly (readonly [what: string, change: (m: Answer) => void, ...where: string[]])[] = [
  ['jobs', ({ run }) => run.counts.jobs++, 'run.counts', 'proof.entry'],
  ['chunks', ({ results }) => results.chunks++, 'run.counts', 'results.leaves', 'proof.entry'],
  ['failed jobs', ({ run }) => run.counts.failedJobs--, 'proof.entry'],
  ['a time', ({ run }) => (run.sealed = altered(run.sealed, /\.\d/)), 'proof.entry'],
  ['another id', ({ run }) => (run.id = altered(run.id, /-./)), 'proof.entry'],
  ['a seed', (m) => (m.experiment.document.seed = 'x'), 'experiment.hash', 'proof.entry'],
  ['the hash', (m) => (m.experiment.hash = DIGEST), 'experiment.hash', 'proof.entry', 'proof.registered'],
  ['code', ({ capsule }) => (capsule.source += ' '), 'capsule', 'proof.entry'],
  ['code', ({ capsule }) => (capsule.source = null), 'proof.entry'],
  ['a leaf', ({ results }) => (results.leaves[7] = DIGEST), 'results.root', 'proof.entry'],
  ['leaves', ({ results }) => results.leaves.reverse(), 'results.root', 'proof.entry'],
  ['leaves', ({ results }) => results.leaves.pop(), 'results.leaves', 'proof.entry'],
  ['the root', ({ results }) => (results.root = DIGEST), 'results.root', 'proof.entry'],
  ['leaf and root', ({ results }) => rerooted(results, 7), 'proof.entry'],
  ['an entry', ({ proof }) => (proof.entry = altered(proof.entry, /"root":"./)), 'proof.entry'],
  ['an entry’s number', ({ proof }) => (proof.entry = altered(proof.entry, /"seq":./)), 'proof.entry'],
  ['an entry’s text', ({ proof }) => (proof.entry += ' '), 'proof.entry'],
  ['an index', ({ proof }) => (proof.log = altered(proof.log, /index ./)), 'proof.entry'],
  ['a path', ({ proof }) => (proof.log = altered(proof.log, /index .\n.../)), 'proof.entry'],
  [
    'a longer path',
    ({ proof }) => (proof.log = proof.log.replace(/\n(.{44})\n/, '\n$1\n$1\n')),
    'proof.entry',
  ],
  ['a size', ({ proof }) => (proof.log = altered(proof.log, /ledger\/\S{32}\n./)), 'proof.entry'],
  ['an origin', ({ proof }) => (proof.log = altered(proof.log, /ledger\/./)), 'proof.entry'],
  ['a signature', ({ proof }) => (proof.log = altered(proof.log, /— \S+ .{20}/)), 'proof.entry'],
  ['no signature', ({ proof }) => (proof.log = proof.log.replace(/— .*\n$/, '')), 'proof.entry'],
  ['two signatures', ({ proof }) => (proof.log += `${proof.log.split('\n').at(-2)}\n`), 'proof.entry'],
  ['a key', ({ proof }) => (proof.key = verifierKeyText(stranger().key)), 'proof.entry'],
  ['a key’s id', ({ proof }) => (proof.key = altered(proof.key, /\+./)), 'proof.entry'],
  ['no entry', ({ proof }) => delete proof.entry, 'manifest'],
  ['nothing signed', (m) => (m.proof = {}), 'manifest'],
  ['unknown words', ({ proof }) => (proof.more = 1), 'manifest'],
  ['a registration', ({ run }) => delete run.registered, 'proof.entry', 'proof.registered'],
  ['a registration', ({ proof }) => delete proof.registered, 'proof.registered'],
  [
    'its time',
    ({ run: { registered } }) => (registered.time = altered(registered.time, /T./)),
    'proof.entry',
    'proof.registered',
  ],
  [
    'its entry',
    ({ proof: { registered } }) => (registered.entry = altered(registered.entry, /sule":"./)),
    'proof.registered',
  ],
  [
    'its signature',
    ({ proof: { registered } }) => (registered.log = altered(registered.log, /— \S+ .{20}/)),
    'proof.registered',
  ],
  [
    'its kind',
    (m) => (m.proof.registered = { ...m.proof.registered, entry: m.proof.entry, log: m.proof.log }),
    'proof.registered',
  ],
  ['a witness', ({ proof }) => (proof.witnesses = ['I saw it']), 'proof.witnesses[0]'],
  ['a witness', (m) => (m.proof.witnesses = [said(m, { root: DIGEST })]), 'proof.witnesses[0]'],
  ['a witness', (m) => (m.proof.witnesses = [said(m, { chunks: 99 })]), 'proof.witnesses[0]'],
  ['a witness', (m) => (m.proof.witnesses = [altered(said(m, {}), /— \S+ .{20}/)]), 'proof.witnesses[0]'],
]

function rerooted(results: Answer, chunk: number): void {
  results.leaves[chunk] = DIGEST
  results.root = toHex(merkleRoot(results.leaves.map(fromHex)))
}

/** A statement of a stranger about this record, with something changed. */
function said({ proof, run, experiment, results }: Answer, change: object): string {
  const signer = stranger()
  const statement: Record<string, unknown> = {
    ...{
      chunks: 18,
      compared: 18,
      divergent: 0,
      entropy: null,
      beacon: null,
      stratify: null,
      environments: ['here'],
    },
    ...{
      experiment: experiment.hash,
      key: verifierKeyText(signer.key),
      record: proof.record,
      reprise: '0.3.0',
    },
    ...{
      root: results.root,
      run: run.id,
      sample: null,
      time: '2026-11-25T12:00:00.000Z',
      verdict: 'identical',
    },
    ...change,
  }
  const sorted = Object.fromEntries(Object.entries(statement).sort(([a], [b]) => (a < b ? -1 : 1)))
  return signNote(`reprise/witness/1\n${JSON.stringify(sorted)}\n`, signer)
}

test('should find every change of a manifest whose digests were made again', UNLESS_THERE, async (t) => {
  const { project, manifest } = await sealed(t)
  const written = (name: string, forged: Manifest) => [project.write(name, manifestBytes(forged))]
  const forgeries = CHANGES.map(([what, change, ...where], i) => {
    const forged = structuredClone(manifest) as Answer
    change(forged)
    const { proof, ...record } = forged
    const { record: _, digest: __, ...kept } = proof
    return { what, where, forged: withProof(record, kept), name: `${i}.json` }
  })
  const answers = examineEach(forgeries.map(({ name, forged }) => written(name, forged)))
  for (const [i, { what, where, forged }] of forgeries.entries()) {
    assert.deepEqual(placesIn(answers[i]!).sort(), where.sort(), `${what}: ${JSON.stringify(answers[i])}`)
    assert.equal(verifyManifest(manifestBytes(forged)).valid, false, what)
  }
  for (const name of ['record', 'digest'] as const) {
    const forged = { ...manifest, proof: { ...manifest.proof, [name]: DIGEST } }
    const [path = ''] = written('forged.json', forged)
    assert.ok(placesIn(examine(path)).includes(`proof.${name}`))
    assert.equal((await project.json(4, 'verify', path)).valid, false)
  }
  const { record: _, digest: __, ...kept } = manifest.proof
  const { proof: ___, ...record } = manifest
  const honest = withProof(record, { ...kept, witnesses: [said(manifest, {})] })
  intact(...written('honest.json', honest))
  assert.deepEqual(verifyManifest(manifestBytes(honest)).problems, [])
})
