/** A plan from a head is as hostile as a manifest from anywhere. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findRun, labAt } from '../../lab/lab.ts'
import { readForeignPlan } from '../../lab/read-plan.ts'
import { readPlan } from '../../lab/results.ts'
import { RepriseError } from '../../lib/errors.ts'
import { mean, Project } from '../cli/project.ts'

test('should read a plan as it was made, and refuse whatever else it says', async (t) => {
  const project = new Project(t, { 'x.ts': mean() })
  const { run } = await project.json(0, 'run', 'x.ts')
  const plan = readPlan(findRun(labAt(project.lab), run))
  const text = JSON.stringify(plan)
  assert.deepEqual(readForeignPlan(JSON.parse(text)), plan)
  const { document } = plan.experiment
  for (const [change, words] of [
    [{ run: '../../x' }, /run must match/],
    [{ format: 'reprise/run/2' }, /format/],
    [{ more: 1 }, /additional properties/],
    [{ capsule: { sha256: '../x', bytes: 1 } }, /capsule.sha256/],
    [{ inputs: { '../a': 'f'.repeat(64) } }, /inputs/],
    [{ inputs: { a: '/etc/passwd' } }, /inputs/],
    [{ experiment: { document, hash: 'f'.repeat(64) } }, /experiment.hash is not/],
    [
      { experiment: { document: { ...document, repetitions: 0 }, hash: plan.experiment.hash } },
      /repetitions/,
    ],
    [{ packages: [{ name: 1 }] }, /packages/],
    [{ code: 'x' }, /code/],
    [{ planned: undefined }, /planned/],
  ] as const)
    assert.throws(
      () => readForeignPlan(JSON.parse(JSON.stringify({ ...plan, ...change }))),
      (error) => error instanceof RepriseError && error.code === 'not-intact' && words.test(error.message),
      JSON.stringify(change),
    )
  for (const odd of [null, 1, 'x', [], {}]) assert.throws(() => readForeignPlan(odd), RepriseError)
})
