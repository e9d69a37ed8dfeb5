/** Where engines would be, as far as words and configurations say. */
import assert from 'node:assert/strict'
import { availableParallelism, totalmem } from 'node:os'
import { test } from 'node:test'
import { placeFor, sshPlace, taskPlace } from '../../lab/places.ts'
import { temporaryLab } from './run.ts'

test('should have an engine per core here, or as many as are asked for', async (t) => {
  const lab = temporaryLab(t)
  const engines = availableParallelism()
  assert.deepEqual(await placeFor(lab, 'local', {}), { kind: 'local', engines, memoryBytes: totalmem() })
  assert.equal((await placeFor(lab, 'local', { engines: 7 })).engines, 7)
})

test('should refuse what is no runner, and a cluster that is none', async (t) => {
  const lab = temporaryLab(t)
  for (const choice of ['', 'here', 'ssh:', 'pbs:lab'])
    await assert.rejects(placeFor(lab, choice, {}), { code: 'usage' }, choice)
  await assert.rejects(placeFor(lab, 'ssh:nowhere', {}), { code: 'not-found' })
  await assert.rejects(placeFor(lab, 'slurm:nowhere', {}), { code: 'not-found' })
  await assert.rejects(placeFor(lab, 'local', { taskTime: 60 }), { code: 'usage', subject: '--task-time' })
})

test('should count the engines of hosts, one where that is not known, and no host that only leads', () => {
  const hosts = [{ host: 'head', engines: 0 }, { host: 'n1', engines: 8 }, { host: 'n2' }]
  const place = sshPlace({ kind: 'ssh', hosts }, {})
  assert.deepEqual(place, { kind: 'ssh', engines: 9, hosts: 2, unknown: ['n2'] })
  const asked = sshPlace({ kind: 'ssh', hosts }, { engines: 24 })
  assert.deepEqual([asked.engines, asked.unknown], [24, []])
  const known = { kind: 'ssh', hosts: [{ host: 'n1', engines: 8 }] } as const
  assert.equal(sshPlace(known, { engines: 24 }).engines, 8)
  assert.equal(sshPlace(known, { engines: 3 }).engines, 3)
})

test('should have of a scheduler one engine per CPU and two minutes a task where nothing else is said', () => {
  assert.deepEqual(taskPlace({ kind: 'slurm' }, {}), {
    kind: 'slurm',
    engines: 1,
    cpus: 1,
    taskMs: 120_000,
    atOnce: null,
    usualArray: 1_001,
    sentTo: 'into the folder that the nodes see',
    hosts: 1,
    memoryBytes: null,
    limitMs: null,
  })
  assert.equal(taskPlace({ kind: 'slurm', cpus: 4 }, {}).engines, 4)
  assert.equal(taskPlace({ kind: 'slurm', cpus: 4, engines: 2 }, {}).engines, 2)
  assert.equal(taskPlace({ kind: 'slurm', taskTime: 300 }, {}).taskMs, 300_000)
  assert.equal(taskPlace({ kind: 'slurm', taskTime: 300 }, { taskTime: 60 }).taskMs, 60_000)
})

test('should have as many tasks at once as the engines asked for make, and never more than the profile allows', () => {
  const atOnce = (maxTasks: number | undefined, engines?: number) =>
    taskPlace(
      { kind: 'slurm', cpus: 4, ...(maxTasks === undefined ? {} : { maxTasks }) },
      engines === undefined ? {} : { engines },
    ).atOnce
  assert.equal(atOnce(100), 100)
  assert.equal(atOnce(undefined, 32), 8)
  assert.equal(atOnce(5, 32), 5)
  assert.equal(atOnce(undefined, 1), 1)
})
