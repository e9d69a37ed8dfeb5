/** Runs on Kubernetes and a bucket by the command line, whose supervisor is killed, and which is cancelled, resumed and executed again. */
import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { until } from '../../sshd/processes.ts'
import { kubernetesSite, source, supervisorOf } from './site.ts'

const RUN = ['run', 'x.ts', '--runner', 'kubernetes:lab']
/** Waits of a loaded machine, ms. */
const patience = 400_000

test('should have the local root though its supervisor is killed, and tell what it took', async (t) => {
  const site = await kubernetesSite(t)
  const project = site.project()
  const gate = project.path('gate')
  project.write('x.ts', source(gate, 8))
  writeFileSync(gate, '')
  const { root } = await project.json(0, 'run', 'x.ts')
  rmSync(gate)
  const { run, state } = await project.json(0, ...RUN, '--detach')
  assert.equal(state, 'detached')
  await until('pods to run', () => site.cluster.processes.length > 0, patience)
  process.kill(supervisorOf(project, run), 'SIGKILL')
  writeFileSync(gate, '')
  const answer = await project.json(0, 'collect', run, '--follow')
  assert.deepEqual([answer.state, answer.root], ['sealed', root])
  const status = await project.json(0, 'status', run)
  assert.equal(status.cost.of, 'tasks')
  assert.equal(status.cost.currency, 'EUR')
  assert.ok(status.cost.spent.coreHours > 0)
  assert.equal(status.cost.spent.money, status.cost.spent.coreHours * 36)
})

test('should be cancelled there and resumed, executed again in part, and stopped by what it may take', async (t) => {
  const site = await kubernetesSite(t)
  const project = site.project()
  const gate = project.path('gate')
  project.write('x.ts', source(gate, 8))
  writeFileSync(gate, '')
  const { root } = await project.json(0, 'run', 'x.ts')
  rmSync(gate)
  const { run } = await project.json(0, ...RUN, '--detach')
  await until('pods to run', () => site.cluster.processes.length > 0, patience)
  assert.equal((await project.json(0, 'cancel', run)).state, 'cancelled')
  await until('its pods to end', () => site.cluster.processes.length === 0, patience)

  const stopped = await project.json(
    5,
    'resume',
    run,
    '--runner',
    'kubernetes:lab',
    '--max-core-hours',
    '0.001',
  )
  assert.equal(stopped.state, 'incomplete')
  const told = await project.reprise('status', run)
  assert.match(
    told.stdout,
    /incomplete.*: --max-core-hours: the run has taken [\d.]+ core-hours, and may take 0\.001/,
  )
  assert.match(told.stdout, /^ {2}[\d.]+ core-(seconds|minutes), [\d.]+ EUR/m)
  await until('its pods to end', () => site.cluster.processes.length === 0, patience)

  const early = await project.json(0, 'cluster', 'clean', 'lab')
  assert.deepEqual(
    [early.bucket.removed, early.bucket.kept, early.bucket.keys],
    [[], [run], 0],
    'it is needed still',
  )

  writeFileSync(gate, '')
  const goOn = ['resume', run, '--runner', 'kubernetes:lab']
  assert.equal((await project.json(5, ...goOn)).state, 'incomplete', 'what it may take holds still')
  const resumed = await project.json(0, ...goOn, '--max-core-hours', 'none')
  assert.deepEqual([resumed.state, resumed.root], ['sealed', root])
  const again = await project.json(0, 'rerun', run, '--sample', '3', '--runner', 'kubernetes:lab')
  assert.deepEqual([again.verdict, again.chunksCompared], ['identical', 3])
  const shown = await project.reprise('show', run)
  assert.match(shown.stdout, /^cost +[\d.]+ core-/m)

  const there = () => project.json(0, 'cluster', 'clean', 'lab', '--dry-run')
  const dry = await there()
  assert.deepEqual([dry.dryRun, dry.bucket.removed.sort()], [true, [run, again.run].sort()])
  assert.ok(dry.bucket.keys > 10, String(dry.bucket.keys))
  assert.equal((await there()).bucket.keys, dry.bucket.keys, 'nothing was removed')
  const cleaned = await project.json(0, 'cluster', 'clean', 'lab')
  assert.deepEqual([cleaned.bucket.keys, cleaned.bucket.kept], [dry.bucket.keys, []])
  assert.equal((await there()).bucket.keys, 0)
})
