/** What a submission says of a scheduler is read strictly. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSchedulerManner } from '../../../runners/detached/scheduler-manner.ts'

const WISHES = {
  ...{ partition: 'main', account: 'a', qos: 'q', constraint: 'c', time: '1:00:00', memory: '4G' },
  ...{ cpus: 4, engines: 2, maxTasks: 100, extra: ['--gres=gpu:1'] },
}
const GOOD = { kind: 'slurm', wishes: WISHES, node: '/opt/node', taskMs: 120_000, chunkMs: null }

test('should read what is sound, and no more than that', () => {
  for (const good of [GOOD, { ...GOOD, wishes: {}, node: null, chunkMs: 1.5 }]) {
    assert.deepEqual(readSchedulerManner({ ...good, other: 1 }), good)
    assert.deepEqual(readSchedulerManner({ ...good, wishes: { ...good.wishes, other: 1 } }), good)
  }
})

test('should refuse what is not', () => {
  const bad: unknown[] = [
    null,
    'slurm',
    [],
    {},
    { ...GOOD, kind: 'pbs' },
    { ...GOOD, node: 'node' },
    { ...GOOD, node: '/a\nb' },
  ]
  for (const taskMs of [0, -1, '1', null, Number.NaN]) bad.push({ ...GOOD, taskMs })
  for (const chunkMs of [-1, '1', undefined]) bad.push({ ...GOOD, chunkMs })
  for (const wishes of [
    null,
    [],
    { cpus: 0 },
    { cpus: 1.5 },
    { time: 5 },
    { partition: 'a\nb' },
    { extra: '--x' },
    { extra: [1] },
  ])
    bad.push({ ...GOOD, wishes })
  for (const one of bad) assert.equal(readSchedulerManner(one), null, JSON.stringify(one))
})
