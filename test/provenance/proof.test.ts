/**
 * The proof of a manifest under attack: by whoever changes a character of it and makes its digest anew, who puts the
 * proof of another run, kind or ledger in its place, or registers after the fact.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Signer } from '../../lib/note.ts'
import { type Manifest, manifestBytes, type Proof, withProof } from '../../provenance/manifest.ts'
import { parseManifest } from '../../provenance/read-manifest.ts'
import { NO_TRUST, type Trust } from '../../provenance/trust.ts'
import { verifyManifest } from '../../provenance/verify.ts'
import { signerOf } from '../lib/signer.ts'
import { chained, FORGER, opened, proven, provenAnew, type Said, sealedBody } from './forger.ts'
import { realLedger } from './real-ledger.ts'

const real = realLedger()
after(real.remove)

const manifest = parseManifest(real.manifest)
const mine: Trust = { keys: real.keys, demanded: true }
const me = signerOf('me.example/key')
const { proof: _, ...record } = manifest

/** The same record with this proof, its digest made anew. */
function proved(proof: Omit<Proof, 'record' | 'digest'>, of: Omit<Manifest, 'proof'> = record): Uint8Array {
  return manifestBytes(withProof(of, proof))
}

function refuse(bytes: Uint8Array, where: string | null, what: RegExp, trust = NO_TRUST): void {
  const { valid, problems } = verifyManifest(bytes, { trust })
  const told = JSON.stringify(problems)
  assert.equal(valid, false, `nothing found where ${what} should be`)
  assert.ok(
    problems.every((problem) => problem.where !== ''),
    told,
  )
  const there = problems.some((one) => (where === null || one.where === where) && what.test(one.what))
  assert.ok(there, `${where}: ${what} is not in ${told}`)
}

test('should find the lab’s own record intact, registered before the run and signed by a key that is trusted', () => {
  const { valid, problems, checked } = verifyManifest(real.manifest, { trust: mine })
  assert.deepEqual([valid, problems], [true, []])
  const { registered } = manifest.run
  assert.ok(
    checked.some((words) => words.startsWith(`registration at ${registered?.time}, before the run, of `)),
    checked.join('\n'),
  )
  assert.equal(checked.filter((words) => /signed by a key you trust/.test(words)).length, 2)
  assert.notEqual(manifest.proof.registered?.key, manifest.proof.key, 'the key was changed between them')
})

/** REPRISE_SLOW=1 changes every byte in three ways, and not only every third in one. */
const SLOW = process.env.REPRISE_SLOW === '1'

test('should find every change of a single byte of the proof', () => {
  const ways = [(b: number) => b ^ 1, (b: number) => b ^ 0x80, () => 0x22]
  const from = Buffer.from(real.manifest).indexOf('"proof": {')
  const to = Buffer.from(real.manifest).indexOf('"results": {')
  assert.ok(from > 0 && to - from > 2_000)
  for (let i = from; i < to; i += SLOW ? 1 : 3) {
    for (const change of SLOW || i % 13 === 0 ? ways : ways.slice(0, 1)) {
      const changed = Uint8Array.from(real.manifest)
      changed[i] = change(changed[i]!)
      if (changed[i] === real.manifest[i]) continue
      const { valid, problems } = verifyManifest(changed, { trust: { ...mine, demanded: false } })
      assert.equal(valid, false, `byte ${i}`)
      const named = ['manifest', 'proof', 'signature', 'note', 'checkpoint', 'key', 'entry']
      assert.ok(
        problems.some(({ where }) => named.includes(where)),
        JSON.stringify(problems),
      )
    }
  }
})

/** Every change of one character of each text, with the digest made anew. */
function changes(text: string): string[] {
  return Array.from(text, (character, i) => {
    const other = character === 'a' ? 'b' : 'a'
    return text.slice(0, i) + other + text.slice(i + 1)
  })
}

test('should find every change of a character though the digest was made anew', () => {
  const { record: __, digest: ___, ...proof } = manifest.proof
  for (const part of ['entry', 'log', 'key'] as const) {
    for (const [i, changed] of changes(proof[part]!).entries()) {
      if (changed === proof[part]) continue
      const { valid } = verifyManifest(proved({ ...proof, [part]: changed }), { trust: NO_TRUST })
      assert.equal(valid, false, `character ${i} of ${part}`)
      const registered = { ...proof.registered!, [part]: changes(proof.registered![part])[i] }
      if (registered[part] === undefined || i % 2 === 0) continue
      assert.equal(verifyManifest(proved({ ...proof, registered })).valid, false, `character ${i} of ${part}`)
    }
  }
})

test('should miss each part that is gone', () => {
  const { record: __, digest: ___, ...proof } = manifest.proof
  for (const part of ['entry', 'log', 'key', 'registered'] as const) {
    const { [part]: ____, ...rest } = proof
    refuse(proved(rest), 'proof', part === 'registered' ? /do not agree/ : /lacks a part/)
  }
  refuse(proved({}), 'proof', /lacks a part|do not agree/)
  const { digest, ...without } = manifest.proof
  assert.ok(digest !== undefined)
  refuse(manifestBytes({ ...record, proof: without } as Manifest), 'proof', /digest/)
})

test('should refuse an entry that speaks of something else', () => {
  const { run, ...body } = sealedBody(record)
  const said = (changed: Said['body'], kind: Said['kind'] = 'run-sealed') => {
    const entries = chained([opened(me), { kind, body: changed }])
    const { run: bare, ...others } = record
    const { registered: __, ...unregistered } = bare
    const plain = { ...others, run: unregistered }
    const record2 = {
      ...changed,
      record: changed.record === body.record ? sealedBody(plain).record! : changed.record!,
    }
    const again = chained([opened(me), { kind, body: record2 }])
    assert.equal(again.length, entries.length)
    return proved(proven(again, 1, me), plain)
  }
  assert.equal(verifyManifest(said({ run: run!, ...body })).valid, true, 'as it is, it fits')
  for (const name of ['experiment', 'capsule', 'root', 'record'])
    refuse(said({ run: run!, ...body, [name]: 'ab'.repeat(32) }), 'proof', new RegExp(`another ${name}`))
  for (const name of ['chunks', 'jobs', 'failedJobs'])
    refuse(said({ run: run!, ...body, [name]: 99 }), 'proof', new RegExp(`another ${name}`))
  refuse(said({ ...body, run: 'x' }), 'proof', /another run/)
  refuse(said(body), 'proof', /another run/)
  refuse(said({ run: run!, ...body }, 'run-started'), 'proof', /run-started, not run-sealed/)
})

/** The record registered at `seq` in a ledger of these entries, sealed at another place. */
function registeredAt(
  entries: readonly Said[],
  seq: number,
  options: { sealedIn?: readonly Said[]; origin?: string; signer?: Signer } = {},
): Uint8Array {
  const bytes = chained(entries)
  const { time, body } = {
    time: JSON.parse(new TextDecoder().decode(bytes[seq])).time,
    body: entries[seq]!.body,
  }
  const capsule = String(body.capsule)
  const changed = { ...record, run: { ...record.run, registered: { seq, time, capsule } } }
  const seals = [...(options.sealedIn ?? entries)].map((one) =>
    one.kind === 'run-sealed' ? { ...one, body: sealedBody(changed) } : one,
  )
  const at = seals.findIndex(({ kind }) => kind === 'run-sealed')
  const registered = proven(chained(seals), seq, options.signer ?? me, options.origin)
  const entriesThen = options.origin === undefined ? registered : proven(bytes, seq, me, options.origin)
  return proved({ ...proven(chained(seals), at, me), registered: entriesThen }, changed)
}

const registration: Said = {
  kind: 'registered',
  body: { experiment: record.experiment.hash, name: 'made-up', capsule: record.capsule.sha256 },
}
const sealing: Said = { kind: 'run-sealed', body: {} }

test('should refuse a registration after the fact, or of another ledger', () => {
  const early = { ...registration, time: '2026-01-01T00:00:00.000Z' }
  const start = { ...opened(me), time: '2026-01-01T00:00:00.000Z' }
  assert.equal(verifyManifest(registeredAt([start, early, sealing], 1)).valid, true, 'before the seal')
  refuse(registeredAt([start, sealing, registration], 2), 'proof', /does not come before the seal/)
  const elsewhere = { origin: `reprise/ledger/${'00'.repeat(16)}` }
  refuse(registeredAt([start, early, sealing], 1, elsewhere), 'proof', /does not come before the seal/)
})

test('should refuse a registration of something else', () => {
  const body = { ...registration.body, experiment: 'ab'.repeat(32) }
  refuse(registeredAt([opened(me), { ...registration, body }, sealing], 1), 'proof', /something else/)
  refuse(registeredAt([opened(me), { ...registration, kind: 'note' }, sealing], 1), 'proof', /something else/)
  const { record: __, digest: ___, ...proof } = manifest.proof
  const { entry, log, key } = proof as { entry: string; log: string; key: string }
  refuse(proved({ ...proof, registered: { entry, log, key } }), 'proof', /something else/)
  const later = { ...record, run: { ...record.run, registered: { ...record.run.registered!, seq: 0 } } }
  refuse(proved(proof, later), 'proof', /another record|something else/)
})

test('should tell who signed a record that was forged whole, and refuse it where a key is demanded', () => {
  const { registered: __, ...run } = record.run
  const forged = manifestBytes(provenAnew({ ...record, run }, FORGER))
  const found = verifyManifest(forged, { trust: { ...mine, demanded: false } })
  assert.equal(found.valid, true)
  assert.ok(found.unchecked.some((words) => /key you have not trusted: forger\.example/.test(words)))
  refuse(forged, 'signature', /not trusted/, mine)
  const bare = manifestBytes({
    ...record,
    run,
    proof: { record: withProof({ ...record, run }).proof.record },
  })
  refuse(bare, null, /./, mine)
})
