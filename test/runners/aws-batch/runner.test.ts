/**
 * Runs by AWS Batch and a bucket, with machines that are taken away, containers that are started twice, answers that are lost and
 * requests that are refused: the bytes are those that they must be.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { RepriseError } from '../../../lib/errors.ts'
import { each } from '../../conformance/experiments.ts'
import type { Hooks } from '../../conformance/recorder.ts'
import { assign, expectedLeaves, type Made, Workshop } from '../../conformance/workshop.ts'
import { until } from '../../sshd/processes.ts'
import { Heard } from '../array/scene.ts'
import { cloudRunner, startCloud } from './cloud.ts'

const workshop = new Workshop(true)
after(() => workshop.close())

const SLOW = each(40, 'await new Promise((go) => setTimeout(go, 30)); return random()')

async function assertWhole(heard: Heard, made: Made): Promise<void> {
  const leaves = await expectedLeaves(made)
  assert.deepEqual(heard.delivered, [...leaves.keys()])
  for (const [chunk, leaf] of leaves.entries()) assert.equal(heard.leaf(chunk), leaf)
}

test('should have the bytes where machines come and go, tasks are started twice and answers are lost', async (t) => {
  const made = await workshop.make(SLOW)
  const cloud = await startCloud(t, { slots: 4, faults: { killed: 0.2, killedMs: 900, twice: 0.1 }, seed: 5 })
  const { batch } = cloud
  batch.faults.throttled = 0.05
  let submissions = 0
  batch.faults.lost = (action) => action === 'SubmitJob' && ++submissions === 1
  const heard = new Heard({})
  const { runner, close } = cloudRunner(cloud, 'faults', { taskMs: 120, chunkMs: 30 })
  await runner.execute(assign(made), heard, new AbortController().signal).finally(close)
  await assertWhole(heard, made)
  const { attempts, killed, twice } = batch.jobs.counts
  assert.ok(killed > 0 && twice > 0 && attempts > 8, JSON.stringify(batch.jobs.counts))
  const names = batch.submitted.map(({ jobName }) => jobName)
  assert.equal(new Set(names).size, names.length, 'an array was submitted twice')
  const ends = heard.tasks.map(({ state }) => state)
  assert.ok(ends.includes('completed'))
  for (const { scheduler, cluster, started } of heard.tasks)
    assert.deepEqual([scheduler, cluster, started !== null], ['aws-batch', 'spot', true])
})

test('should go on from the bucket where whoever supervised it is gone', async (t) => {
  const made = await workshop.make(SLOW)
  const cloud = await startCloud(t, { slots: 2 })
  const heard = new Heard({})
  const stop = new AbortController()
  const first = cloudRunner(cloud, 'gone', { taskMs: 300, chunkMs: 30 })
  const running = first.runner.execute(assign(made), heard, stop.signal)
  await until('something was told', () => heard.chunks.length > 0)
  stop.abort(new RepriseError('busy', 'somebody else goes on'))
  await running
  first.close()
  const before = cloud.batch.submitted.length
  const done = new Set(heard.delivered)
  const rest = [...Array(made.chunks).keys()].filter((chunk) => !done.has(chunk))
  const second = cloudRunner(cloud, 'gone', { taskMs: 300, chunkMs: 30 })
  const taken = new Set(heard.remembered)
  const lastEngine = Math.max(0, ...heard.engines.map(({ engine }) => engine))
  const again = { ...assign(made, rest), taken, lastEngine }
  await second.runner.execute(again, heard, new AbortController().signal).finally(second.close)
  await assertWhole(heard, made)
  assert.equal(cloud.batch.submitted.length, before, 'what was out there was not believed')
})

test('should end what it submitted when it is stopped', async (t) => {
  const made = await workshop.make(SLOW)
  const cloud = await startCloud(t, { slots: 2 })
  const stop = new AbortController()
  const hooks: Hooks = { chunk: () => stop.abort() }
  const { runner, close } = cloudRunner(cloud, 'stopped', { taskMs: 300, chunkMs: 30 })
  await runner.execute(assign(made), new Heard(hooks), stop.signal).finally(close)
  await until('all jobs are over', () =>
    [...cloud.batch.jobs.all.values()].every(({ status }) => status === 'FAILED' || status === 'SUCCEEDED'),
  )
})
