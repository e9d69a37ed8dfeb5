/** A run on AWS Batch and a bucket by the command line: attached, and with a supervisor that is killed. */
import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { batchSite, source } from './site.ts'

test('should have the local root from AWS Batch', async (t) => {
  const site = await batchSite(t)
  const project = site.project()
  const gate = project.path('gate')
  project.write('x.ts', source(gate))
  writeFileSync(gate, '')
  const { root } = await project.json(0, 'run', 'x.ts')
  rmSync(gate)
  const words = ['run', 'x.ts', '--runner', 'aws-batch:lab', '--json']
  const { code, stdout, stderr } = await project.start(words, { patience: 300_000 }).finished
  assert.equal(code, 0, stderr)
  const answer = JSON.parse(stdout)
  assert.deepEqual([answer.state, answer.root], ['sealed', root])
  assert.equal((await project.json(0, 'verify', answer.run)).valid, true)
})
