/** What people are told of a scheduler's tasks: one line on what it took, whatever a record holds. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scheduledRows, schedulerWords, taskLines } from '../../lab/scheduler-rows.ts'
import type { Scheduled } from '../../provenance/scheduled.ts'
import { taskTold } from '../lab/made-journal.ts'

const node = (name: string, chunks: number) => ({ name, tasks: 1, engines: 1, chunks, environments: [0] })
const SCHEDULED: Scheduled = {
  kind: 'slurm',
  cluster: 'lab',
  tasks: 35,
  states: { timeout: 1, completed: 34 },
  jobs: ['123', '124'],
  nodes: [node('n1', 400), node('n2', 1)],
  started: null,
  ended: null,
  measured: { scheduler: 35, task: 0 },
  cpuMs: 4_320_000,
  maxRssBytes: 96_000_000,
}

test('should tell in a line what was executed where, and what it took', () => {
  assert.deepEqual(scheduledRows([SCHEDULED]), [
    [
      'scheduler',
      'slurm cluster lab, 35 tasks (34 completed, 1 timeout) on 2 nodes, 1.2 core-hours, at most 96 MB a task',
    ],
    ['nodes', 'n1 (400 chunks), n2 (1 chunk)'],
    ['jobs', '123, 124'],
  ])
  assert.deepEqual(scheduledRows([]), [])
})

test('should tell images by their digests, however long their names are', () => {
  const digest = `@sha256:${'a'.repeat(64)}`
  const images = [`node${digest}`, `${'x'.repeat(300)}${digest}`]
  const [, , , row] = scheduledRows([{ ...SCHEDULED, images }])
  assert.deepEqual(row, ['images', `node${digest}, …${'x'.repeat(160 - digest.length)}${digest}`])
  assert.equal(scheduledRows([{ ...SCHEDULED, images: null }]).length, 3)
})

test('should say what nobody measured, and what is not listed', () => {
  const measured = { scheduler: 0, task: 0 }
  const nothing = {
    ...SCHEDULED,
    cluster: null,
    tasks: 1,
    states: { ended: 1 },
    jobs: null,
    cpuMs: null,
    maxRssBytes: null,
  }
  assert.deepEqual(scheduledRows([{ ...nothing, measured, nodes: [] }]), [
    ['scheduler', 'slurm, 1 task (1 ended), none measured'],
  ])
  assert.deepEqual(scheduledRows([{ ...nothing, measured, nodes: null }]), [
    ['scheduler', 'slurm, 1 task (1 ended) on more than 10,000 nodes, none measured'],
  ])
  const some = { ...SCHEDULED, measured: { scheduler: 3, task: 30 } }
  assert.match(schedulerWords(some), /, 2 not measured$/)
})

test('should tell short and long times as such', () => {
  const time = (cpuMs: number) =>
    schedulerWords({ ...SCHEDULED, cpuMs })
      .split(', ')
      .at(-2)
  assert.deepEqual([0, 1_234, 59_000, 359_000, 360_000, 1e9, 1e13].map(time), [
    '0.0 core-seconds',
    '1.2 core-seconds',
    '59 core-seconds',
    '359 core-seconds',
    '0.1 core-hours',
    '278 core-hours',
    '2,777,778 core-hours',
  ])
})

test('should cut what is long and count what is many', () => {
  const long = 'x'.repeat(10_000)
  const many = Array.from({ length: 500 }, (_, i) => `${long}${i}`)
  const states = Object.fromEntries(many.map((state) => [state, 1]))
  const one = {
    ...SCHEDULED,
    kind: long,
    cluster: long,
    states,
    jobs: many,
    nodes: many.map((name) => node(name, 1)),
  }
  const rows = scheduledRows(Array.from({ length: 50 }, () => one))
  assert.equal(rows.length, 30)
  for (const [, words] of rows) assert.ok(words!.length < 1_500, `${words!.length}`)
  assert.match(rows[1]![1]!, /, and 490 more$/)
})

test('should tell of each task that did not complete, in a line, and count what is more', () => {
  const lost = { words: null, started: null, ended: null }
  const tasks = [
    taskTold(),
    taskTold({ job: '123_1', state: 'timeout', words: 'TIMEOUT' }),
    taskTold({ job: '123_2', restarts: 2, state: 'node-fail', words: 'NODE_FAIL\n\u001b[2J' }),
    taskTold({ job: '123_3', state: 'cancelled', node: null, ...lost }),
    taskTold({ job: '123_4', state: 'failed', words: 'exit code 1', ended: '2026-11-27T09:00:00.000Z' }),
  ]
  assert.deepEqual(taskLines(tasks), [
    'task 123_1 on n1: timeout (TIMEOUT) after 2 min 0 s',
    'task 123_2 on n1, started 3 times: node-fail (NODE_FAIL\ufffd\ufffd[2J) after 2 min 0 s',
    'task 123_3: cancelled',
    'task 123_4 on n1: failed (exit code 1)',
  ])
  const many = Array.from({ length: 30 }, () => tasks[3]!)
  assert.deepEqual(taskLines(many).slice(9), [
    'task 123_3: cancelled',
    'and 20 more tasks that did not complete',
  ])
})
