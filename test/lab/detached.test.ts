/** Notes on runs that a cluster has, as this version and earlier ones write them. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { newDetached, noteTold, readDetached, writeDetached } from '../../lab/detached.ts'
import { runState } from '../../lab/state.ts'
import type { RepriseError } from '../../lib/errors.ts'
import type { FarRun } from '../../runners/detached/status.ts'
import { plannedRun, temporaryLab } from './run.ts'

test('should read notes of version 0.4 as those of ssh clusters, and its own with the kind', (t) => {
  const run = plannedRun(temporaryLab(t))
  const old = { format: 'reprise/detached/1', cluster: 'lab', since: '', far: null, asked: null }
  writeFileSync(run.detached, JSON.stringify(old))
  assert.equal(readDetached(run)?.runner, 'ssh:lab')
  writeDetached(run, newDetached('slurm:lab', new Date()))
  const { cluster, runner } = readDetached(run)!
  assert.deepEqual([cluster, runner], ['lab', 'slurm:lab'])
  assert.equal(runState(run).detached?.runner, 'slurm:lab')
  const far = { run: run.id, state: 'running', done: 1 } as FarRun
  noteTold(run, 'ssh:lab', far) // of the same name, and not where it is
  assert.equal(readDetached(run)?.far, null)
  noteTold(run, 'slurm:lab', far)
  assert.equal(readDetached(run)?.far?.done, 1)
  writeFileSync(run.detached, JSON.stringify({ ...old, runner: '--x' }))
  assert.throws(
    () => readDetached(run),
    (error) => (error as RepriseError).code === 'not-intact',
  )
})
