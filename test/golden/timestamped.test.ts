/** Timestamps by OpenSSL's authority: the independent verifier reads them, and finds one over another checkpoint. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { manifestBytes, withProof } from '../../provenance/manifest.ts'
import { parseManifest } from '../../provenance/read-manifest.ts'
import { mean, Project } from '../cli/project.ts'
import { Authority, served } from '../provenance/authority.ts'
import { examine, intact, placesIn, UNLESS_THERE } from './independent.ts'

test('should read timestamps of a run and of its registration', UNLESS_THERE, async (t) => {
  const authority = new Authority(t)
  authority.root('root')
  authority.certificate('tsa')
  const url = await served(t, async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    response.end(authority.reply(Buffer.concat(parts), 'tsa'))
  })
  const project = new Project(t, { 'x.ts': mean() })
  await project.json(0, 'register', 'x.ts')
  await project.json(0, 'timestamp', '--tsa', url)
  const { manifest: path } = await project.json(0, 'run', 'x.ts')
  await project.json(0, 'timestamp', '@last', '--tsa', url)
  await project.json(0, 'ledger', '--output', 'ledger.txt')
  const { checked, unchecked } = intact(path, '--ledger', project.path('ledger.txt'))
  for (const where of ['proof.timestamps', 'proof.registered.timestamps']) {
    assert.ok(checked.some((words) => words.startsWith(`${where}: over this checkpoint, says 20`)))
    assert.ok(unchecked.includes(`${where}: who made it`))
  }
  const { proof, ...record } = parseManifest(readFileSync(path))
  const { record: _, digest: __, ...kept } = proof
  for (const timestamps of [proof.registered!.timestamps!, ['MAA='], ['']]) {
    const forged = project.write('forged.json', manifestBytes(withProof(record, { ...kept, timestamps })))
    assert.deepEqual(placesIn(examine(forged)), ['proof.timestamps'])
  }
})
