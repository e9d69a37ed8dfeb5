/** The example that submits in one process and collects in another, as its reader would run it. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Project } from '../cli/project.ts'

const FOLDER = fileURLToPath(new URL('../../../examples/away/', import.meta.url))

test('should collect in one process what another submitted and left', async (t) => {
  const project = new Project(t)
  const env = { PATH: process.env.PATH, HOME: project.path('home'), REPRISE_LAB: project.lab }
  const node = (...words: string[]) => {
    const done = spawnSync(process.execPath, words, { cwd: project.folder, env, encoding: 'utf8' })
    assert.equal(done.status, 0, done.stderr)
    return done.stdout
  }
  const id = node(`${FOLDER}submit.mjs`).trim()
  assert.deepEqual(project.runNames(), [id])
  const collected = node(`${FOLDER}collect.mjs`, id).trim().split('\n')
  const told = collected
    .slice(0, -1)
    .map((line) => /^bias (\S+): mean distance (\S+) of 200 walks$/.exec(line))
  assert.deepEqual(
    told.map((found) => found?.[1]),
    ['0', '0.1', '0.2'],
  )
  // The distance of an unbiased walk of n steps is √(2n/π) in the mean, of a biased one n × bias.
  for (const [i, mean] of [25.2, 100, 200].entries())
    assert.ok(Math.abs(Number(told[i]![2]) - mean) < 10, collected[i])
  const { root } = await project.json(0, 'show', id)
  assert.equal(collected.at(-1), `root ${root}`)
})
