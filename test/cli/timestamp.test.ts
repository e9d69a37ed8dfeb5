/** `timestamp`: checkpoints that an authority dates, in the ledger and in manifests; `verify` reports them. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { type TestContext, test } from 'node:test'
import { checkpointDigest, parseTlogProof } from '../../lib/tlog-proof.ts'
import { manifestBytes, withProof } from '../../provenance/manifest.ts'
import { parseManifest } from '../../provenance/read-manifest.ts'
import { Authority, served } from '../provenance/authority.ts'
import { mean, Project } from './project.ts'

/** A project with a run in it, and an authority on this machine; it answers when `ready` lets it. */
async function prepared(t: TestContext, ready: () => Promise<void> = async () => {}) {
  const authority = new Authority(t)
  authority.root('root')
  authority.certificate('tsa')
  const url = await served(t, async (request: IncomingMessage, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    await ready()
    response.end(authority.reply(Buffer.concat(parts), 'tsa'))
  })
  const project = new Project(t, { 'x.ts': mean() })
  return { authority, url, project, root: authority.path('root.pem') }
}

test('should timestamp a registration, which a later run carries and verify reports', async (t) => {
  const { url, project, root, authority } = await prepared(t)
  assert.equal((await project.json(1, 'timestamp', '--tsa', url)).error.code, 'not-found')
  await project.json(0, 'register', 'x.ts')
  const secret = url.replace('http://', 'http://me:canary@')
  const stamped = await project.json(0, 'timestamp', '--tsa', secret, '--tsa-ca', root)
  assert.deepEqual([stamped.timestamp.trusted, stamped.authority, stamped.size], [true, url, 2])
  const { entries, checkpoint } = await project.json(0, 'ledger')
  const { kind, body } = entries.at(-1)
  assert.deepEqual([kind, body.size, body.checkpoint], ['timestamped', 2, stamped.checkpoint])
  assert.ok(!JSON.stringify([entries, checkpoint, stamped]).includes('canary'))
  writeFileSync(authority.path('token.der'), Buffer.from(body.token, 'base64'))
  const words = [
    '-verify',
    '-digest',
    body.checkpoint,
    '-in',
    'token.der',
    '-token_in',
    '-CAfile',
    'root.pem',
  ]
  assert.match(authority.openssl('ts', ...words).toString(), /Verification: OK/)
  const { manifest } = await project.json(0, 'run', 'x.ts')
  assert.deepEqual(parseManifest(readFileSync(manifest)).proof.registered?.timestamps, [body.token])
  const believed = await project.json(0, 'verify', '@last', '--tsa-ca', root)
  assert.ok(
    believed.checked.some((line: string) => /^timestamp of the registration at .* by CN=tsa$/.test(line)),
  )
  const told = await project.json(0, 'verify', '@last')
  assert.ok(told.unchecked.some((line: string) => /believe the timestamp of the registration/.test(line)))
  authority.root('other')
  const other = authority.path('other.pem')
  const { problems } = await project.json(4, 'verify', '@last', '--tsa-ca', other)
  assert.deepEqual(problems, [
    { where: 'timestamp', what: 'there is no timestamp by an authority that you trust' },
  ])
})

test('should prove a registration under a later checkpoint that was timestamped before the run', async (t) => {
  const { url, project, root } = await prepared(t)
  await project.json(0, 'register', 'x.ts')
  project.write('y.ts', mean({ name: 'other' }))
  await project.json(0, 'register', 'y.ts')
  const { size } = await project.json(0, 'timestamp', '--tsa', url)
  assert.equal(size, 3)
  const { manifest, run } = await project.json(0, 'run', 'x.ts')
  const { timestamps } = parseManifest(readFileSync(manifest)).proof.registered!
  assert.equal(timestamps?.length, 1)
  const { checked } = await project.json(0, 'verify', run, '--tsa-ca', root)
  assert.ok(checked.some((line: string) => /^timestamp of the registration/.test(line)))
})

test('should put a timestamp into a manifest, over the checkpoint that it carries', async (t) => {
  const { url, project, root } = await prepared(t)
  const { manifest } = await project.json(0, 'run', 'x.ts')
  const { problems } = await project.json(4, 'verify', manifest, '--tsa-ca', root)
  assert.match(problems[0].what, /no timestamp by an authority that you trust/, 'none at all')
  const stamped = await project.json(0, 'timestamp', '@last', '--tsa', url, '--tsa-ca', root)
  assert.equal(stamped.manifest, manifest)
  const { proof, ...record } = parseManifest(readFileSync(manifest))
  const digest = checkpointDigest(parseTlogProof(proof.log!).checkpoint)
  assert.equal(stamped.checkpoint, Buffer.from(digest).toString('hex'))
  assert.equal(proof.timestamps?.length, 1)
  const { valid, checked } = await project.json(0, 'verify', manifest, '--tsa-ca', root)
  assert.ok(valid && checked.some((line: string) => /^timestamp of the record at/.test(line)))
  const wrong = proof.timestamps![0]!.replace(/A/, 'B')
  const { record: _, digest: __, ...kept } = proof
  for (const token of [wrong, 'AAAA', '?'])
    project.write('wrong.json', manifestBytes(withProof(record, { ...kept, timestamps: [token] }))) &&
      assert.equal(
        (await project.json(4, 'verify', 'wrong.json')).problems[0].where,
        'timestamp 0 of the record',
      )
})

test('should keep what others added to a manifest while the authority was asked', async (t) => {
  let waiting: (() => void)[] = []
  const both = () =>
    new Promise<void>((resolve) => {
      waiting.push(resolve)
      if (waiting.length < 2) return
      for (const answer of waiting) answer()
      waiting = []
    })
  const { url, project, root } = await prepared(t, both)
  const { manifest, run } = await project.json(0, 'run', 'x.ts')
  const stamp = () => project.json(0, 'timestamp', run, '--tsa', url)
  // Neither is answered before both have read the manifest.
  await Promise.all([stamp(), stamp()])
  assert.equal(parseManifest(readFileSync(manifest)).proof.timestamps?.length, 2)
  assert.equal((await project.json(0, 'verify', run, '--tsa-ca', root)).valid, true)
})

test('should record nothing of an authority that is not to be believed, or refuses', async (t) => {
  const { url, project, authority } = await prepared(t)
  await project.json(0, 'run', 'x.ts')
  const before = (await project.json(0, 'ledger')).entries.length
  authority.root('other')
  const strange = await project.json(4, 'timestamp', '--tsa', url, '--tsa-ca', authority.path('other.pem'))
  assert.match(strange.error.message, /not good: no chain of certificates/)
  await project.json(2, 'timestamp', '--tsa', 'ftp://localhost/')
  await project.json(2, 'timestamp', '--tsa', url, '--tsa-ca', 'nothing.pem')
  await project.json(2, 'timestamp')
  const page = await served(t, (_, response) => response.end('<html>'))
  assert.match((await project.json(4, 'timestamp', '--tsa', page)).error.message, /is no response/)
  assert.equal((await project.json(0, 'ledger')).entries.length, before)
})
