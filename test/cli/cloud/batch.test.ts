/** Runs on AWS Batch and a bucket by the command line: attached; cancelled, resumed, with a supervisor that is killed, and collected by two labs. */
import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { until } from '../../sshd/processes.ts'
import { answerOf } from '../project.ts'
import { batchSite, source, supervisorOf } from './site.ts'

const ON_BATCH = ['--runner', 'aws-batch:lab']
/** Waits of a loaded machine, ms. */
const patience = 300_000

test('should have the local root from AWS Batch, whoever is ended on the way and whoever collects it', async (t) => {
  const site = await batchSite(t)
  const project = site.project()
  const gate = project.path('gate')
  project.write('x.ts', source(gate, 8))
  const running = () => [...site.batch.jobs.all.values()].filter(({ status }) => status === 'RUNNING').length
  const json = async (code: number, words: readonly string[], env = {}) =>
    answerOf(await project.start([...words, '--json'], { patience, env }).finished, code)
  writeFileSync(gate, '')
  const { root } = await project.json(0, 'run', 'x.ts')
  const attached = await json(0, ['run', 'x.ts', ...ON_BATCH])
  assert.deepEqual([attached.state, attached.root], ['sealed', root])
  assert.equal((await project.json(0, 'verify', attached.run)).valid, true)

  rmSync(gate)
  const { run } = await project.json(0, 'run', 'x.ts', ...ON_BATCH, '--detach', '--max-core-hours', '40')
  await until('tasks to run', () => running() > 0, patience)
  assert.equal((await json(0, ['cancel', run])).state, 'cancelled')
  await until('its tasks to end', () => running() === 0, patience)

  assert.equal((await project.json(0, 'resume', run, ...ON_BATCH, '--detach')).state, 'detached')
  await until('tasks to run', () => running() > 0, patience)
  process.kill(supervisorOf(project, run), 'SIGKILL')
  writeFileSync(gate, '')
  const { runs } = await project.json(0, 'collect', 'aws-batch:lab')
  const [there] = runs.filter((one: { run: string }) => one.run === run)
  assert.deepEqual([there.state, there.maxCoreHours], ['interrupted', 40], 'what it may take holds still')
  const second = { REPRISE_LAB: project.path('second') }
  const elsewhere = await json(0, ['collect', `aws-batch:lab/${run}`, '--follow'], second)
  assert.deepEqual([elsewhere.state, elsewhere.root], ['sealed', root])
  const here = await json(0, ['collect', run])
  assert.deepEqual([here.state, here.root], ['sealed', root])
  const again = await json(0, ['rerun', run, '--sample', '2', ...ON_BATCH])
  assert.deepEqual([again.verdict, again.chunksCompared], ['identical', 2])
})

test('should end a run whose image is not there, with a line that says so, and leave no job', async (t) => {
  const image = 'nowhere.example.org/none:1'
  const site = await batchSite(t)
  site.batch.faults.unpullable.add(image)
  const project = site.project({ 'x.ts': source('/') }, { image })
  const { code, stdout } = await project.start(['run', 'x.ts', ...ON_BATCH], { patience }).finished
  assert.equal(code, 1)
  assert.match(stdout, /the image cannot be had: .*nowhere\.example\.org\/none:1.*`image` of the profile/)
  const left = [...site.batch.jobs.all.values()].filter(({ status }) => status !== 'FAILED')
  assert.deepEqual(left, [])
})
