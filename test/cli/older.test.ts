/** A manifest of version 0.1, whose capsule holds an engine of that version: read, verified and rerun by today's. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Project } from './project.ts'

const MANIFEST = new URL('../../../test/golden/manifest-0.1.0.json', import.meta.url)

test('should read, verify and rerun a manifest of version 0.1, and say what it lacks', async (t) => {
  const project = new Project(t)
  const path = project.write('old.json', readFileSync(MANIFEST))
  const verified = await project.json(0, 'verify', path)
  assert.equal(verified.valid, true)
  assert.match(verified.warnings.join(), /platform's own Math/)
  assert.equal((await project.reprise('show', path)).code, 0)
  const rerun = await project.json(0, 'rerun', path, '--yes')
  assert.deepEqual([rerun.verdict, rerun.chunksCompared], ['identical', 6])
  assert.match(rerun.warnings.join(), /platform's own Math/)
  const again = await project.json(0, 'show', rerun.run)
  assert.deepEqual([again.manifest.run.math, again.manifest.run.guard], ['native', 'off'])
})
