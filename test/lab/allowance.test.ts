/** What a run may take in all: what was said last holds until something else is said, also of what another lab handed over. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { allowanceIn, allowanceOf, withAllowance } from '../../lab/allowance.ts'
import type { Cluster } from '../../lab/clusters.ts'
import { newDetached, noteTold, writeDetached } from '../../lab/detached.ts'
import { executeRun, recordSession } from '../../lab/execute.ts'
import type { Lab, RunFolder } from '../../lab/lab.ts'
import { mannerOn } from '../../lab/placement.ts'
import { ResultsStore } from '../../lab/results.ts'
import type { RunnerOptions } from '../../lab/runner-for.ts'
import type { Runner } from '../../runners/runner.ts'
import { plannedRun, temporaryLab } from './run.ts'

/** Executes nothing, so that the session is all that is recorded. */
const IDLE: Runner = { kind: 'local', engines: 1, execute: async () => {} }

async function session(lab: Lab, run: RunFolder, how: { maxCoreHours?: number | null }): Promise<void> {
  await executeRun(lab, run, IDLE, AbortSignal.abort(), {}, how)
}

function planned(t: TestContext): [Lab, RunFolder] {
  const lab = temporaryLab(t)
  return [lab, plannedRun(lab)]
}

test('should hold for later sessions until another is said, or none', async (t) => {
  const [lab, run] = planned(t)
  assert.equal(allowanceOf(run), null)
  await session(lab, run, {})
  assert.equal(allowanceOf(run), null)
  const said: [how: { maxCoreHours?: number | null }, then: number | null][] = [
    [{ maxCoreHours: 2 }, 2],
    [{}, 2],
    [{ maxCoreHours: 3 }, 3],
    [{}, 3],
    [{ maxCoreHours: null }, null],
    [{}, null],
  ]
  for (const [how, then] of said) {
    await session(lab, run, how)
    assert.equal(allowanceOf(run), then, JSON.stringify(how))
  }
  const options: RunnerOptions = { timeoutMs: null }
  assert.deepEqual(withAllowance(run, options), { timeoutMs: null, maxCoreHours: null })
  await session(lab, run, { maxCoreHours: 5 })
  assert.equal(withAllowance(run, options).maxCoreHours, 5)
  assert.equal(withAllowance(run, { ...options, maxCoreHours: null }).maxCoreHours, null)
})

test('should be as a head tells it of what another lab handed over', (t) => {
  const [lab, run] = planned(t)
  const store = ResultsStore.open(run)
  recordSession(lab, store, store.plan(), { kind: 'kubernetes', engines: 0 }, 10)
  assert.equal(allowanceIn(store), null)
  writeDetached(run, newDetached('kubernetes:lab', new Date()))
  const told = { run: run.id, name: 'x', submitted: '', updated: '', total: 10, done: 0, failedJobs: 0 }
  noteTold(run, 'kubernetes:lab', { ...told, state: 'running', hosts: {}, reason: null, maxCoreHours: 7 })
  assert.equal(allowanceOf(run), 7)
  recordSession(lab, store, store.plan(), { kind: 'kubernetes', engines: 0 }, 10, null)
  store.close()
  assert.equal(allowanceOf(run), null, 'what was said here goes before')
})

test('should go along to schedulers, and be refused by hosts that count nothing without us', () => {
  const at = (profile: Cluster['profile']): Cluster => ({
    ...{ name: 'lab', profile, owner: 'user', path: '/c', hides: null },
  })
  const slurm = (maxCoreHours?: number | null) =>
    mannerOn(at({ kind: 'slurm' }), {
      timeoutMs: null,
      ...(maxCoreHours === undefined ? {} : { maxCoreHours }),
    })
  assert.equal(slurm(4).scheduler!.maxCoreHours, 4)
  for (const any of [undefined, null]) assert.equal('maxCoreHours' in slurm(any).scheduler!, false)
  const ssh = at({ kind: 'ssh', hosts: [{ host: 'n' }] })
  assert.throws(
    () => mannerOn(ssh, { timeoutMs: null, maxCoreHours: 4 }),
    /is not counted by hosts that work without us/,
  )
  assert.equal(mannerOn(ssh, { timeoutMs: null, maxCoreHours: null }).scheduler, undefined)
})
