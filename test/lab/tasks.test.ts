/** Tasks of a scheduler beside the chunks: each once, with the chunks that its engines made, and a record that sums them up. */
import assert from 'node:assert/strict'
import { readFileSync, rmSync, statSync } from 'node:fs'
import { test } from 'node:test'
import { Collector } from '../../lab/collect.ts'
import { executedBy, Makers } from '../../lab/environments.ts'
import type { Lab, RunFolder } from '../../lab/lab.ts'
import { scheduledOf } from '../../lab/scheduled.ts'
import { seal } from '../../lab/seal.ts'
import { tasksOf } from '../../lab/tasks.ts'
import { parseManifest } from '../../provenance/read-manifest.ts'
import { verifyManifest } from '../../provenance/verify.ts'
import { ownEnvironment } from '../../runners/environment.ts'
import type { TaskTold } from '../../runners/runner.ts'
import { beginSession, MadeJournal, taskTold, withStore } from './made-journal.ts'
import { allChunks, documentOf, plannedRun, temporaryLab } from './run.ts'

const CHUNKS = allChunks(documentOf(), 10)
const by = (engine: number, ...chunks: readonly number[]) =>
  chunks.map((chunk) => ({ ...CHUNKS[chunk]!, engine }))

function handedOver(lab: Lab): RunFolder {
  const run = plannedRun(lab)
  beginSession(lab, run)
  return run
}

const tasksIn = (run: RunFolder) => withStore(run, tasksOf)
const shortly = (run: RunFolder) =>
  tasksIn(run).map(({ job, restarts, state, engines, ranges }) => [job, restarts, state, engines, ranges])

test('should tell of each task what was told of it, with its chunks', async (t) => {
  const lab = temporaryLab(t)
  const run = handedOver(lab)
  const first = taskTold({ engines: [1, 2], chunks: 5 })
  const second = taskTold({ job: '123_1', node: null, state: 'cancelled', words: null, measured: null, cpuMs: null,
    maxRssBytes: null, started: null, ended: null, cluster: null, chunks: 0, engines: [] }) // biome-ignore format: a list
  const journal = new MadeJournal('a').engine({ engine: 1 }).engine({ engine: 2 }).engine({ engine: 3 })
  journal.chunks([...by(1, 0, 1, 2, 5), ...by(2, 6), ...by(3, 3)]).tasks(first, second)
  assert.equal((await journal.collect(lab, run)).state, 'detached')
  assert.deepEqual(tasksIn(run), [
    { ...first, ranges: [[0, 2], [5, 6]] }, // biome-ignore format: a list
    { ...second, ranges: [] },
  ])
})

test('should keep what was said last of a task that is told again, and its engines of both times', async (t) => {
  const lab = temporaryLab(t)
  const run = handedOver(lab)
  const journal = new MadeJournal('a').engine({ engine: 1 }).chunks(by(1, 0))
  await journal.tasks(taskTold({ state: 'ended', cpuMs: null, measured: null })).collect(lab, run)
  journal.engine({ engine: 2 }).chunks(by(2, 1))
  await journal.tasks(taskTold({ engines: [2] }), taskTold({ restarts: 1, engines: [] })).collect(lab, run)
  const known = [
    ['123_0', 0, 'completed', [1, 2], [[0, 1]]],
    ['123_0', 1, 'completed', [], []],
  ]
  assert.deepEqual(shortly(run), known)
  await journal.collect(lab, run, 'running', true) // from the beginning again
  assert.deepEqual(shortly(run), known)
})

test('should not mistake engines and jobs of one journal for those of another', async (t) => {
  const lab = temporaryLab(t)
  const run = handedOver(lab)
  const first = new MadeJournal('a').engine({ engine: 1 }).chunks(by(1, 0, 1))
  await first.collect(lab, run)
  beginSession(lab, run) // handed over again: the same journal goes on
  await first
    .chunks(by(1, 2))
    .tasks(taskTold({ state: 'timeout' }))
    .collect(lab, run)
  beginSession(lab, run) // there it was lost
  const second = new MadeJournal('b')
    .engine({ engine: 1 })
    .chunks(by(1, 3, 4))
    .tasks(taskTold())
  await second.collect(lab, run)
  assert.deepEqual(shortly(run), [
    ['123_0', 0, 'timeout', [1], [[0, 2]]],
    ['123_0', 0, 'completed', [1], [[3, 4]]],
  ])
})

const TASKS: readonly TaskTold[] = [
  taskTold({ job: '99_1', engines: [1], started: '2026-11-27T09:59:00.000Z', image: 'b@sha256:2' }),
  taskTold({ job: '99_2', image: 'a@sha256:1', node: 'n10', engines: [2, 3], cpuMs: 1_000, measured: 'task', maxRssBytes: 97_000_000 }),
  taskTold({ job: '100_0', node: 'n2', state: 'timeout', words: 'TIMEOUT', engines: [4], ended: '2026-11-27T10:30:00.000Z' }),
  taskTold({ job: '100_1', node: null, state: 'cancelled', engines: [], cpuMs: null, maxRssBytes: null, measured: null,
    started: null, ended: null }),
  taskTold({ cluster: null, scheduler: 'other', job: 'x', node: null, cpuMs: null, measured: null, engines: [], maxRssBytes: null }),
] // biome-ignore format: a list

const SUMMARY = [
  {
    kind: 'slurm',
    cluster: 'lab',
    tasks: 4,
    states: { completed: 2, timeout: 1, cancelled: 1 },
    jobs: ['99', '100'],
    nodes: [
      { name: 'n1', tasks: 1, engines: 1, chunks: 4, environments: [0] },
      { name: 'n2', tasks: 1, engines: 1, chunks: 1, environments: [0] },
      { name: 'n10', tasks: 1, engines: 2, chunks: 5, environments: [0, 1] },
    ],
    started: '2026-11-27T09:59:00.000Z',
    ended: '2026-11-27T10:30:00.000Z',
    measured: { scheduler: 2, task: 1 },
    cpuMs: 201_000,
    maxRssBytes: 97_000_000,
    images: ['a@sha256:1', 'b@sha256:2'],
  },
  {
    kind: 'other',
    cluster: null,
    tasks: 1,
    states: { completed: 1 },
    jobs: ['x'],
    nodes: [],
    started: '2026-11-27T10:00:00.000Z',
    ended: '2026-11-27T10:02:00.000Z',
    measured: { scheduler: 0, task: 0 },
    cpuMs: null,
    maxRssBytes: null,
  },
]

test('should sum them up in a record that verifies, and not in its result', async (t) => {
  const lab = temporaryLab(t)
  const [run, plain] = [handedOver(lab), plannedRun(lab)]
  const environment = ownEnvironment()
  const journal = new MadeJournal('a')
  for (const engine of [1, 2, 4]) journal.engine({ engine, environment })
  journal.engine({ engine: 3 }).chunks([...by(1, 0, 1, 2, 3), ...by(2, 4, 5, 6, 7), ...by(3, 8), ...by(4, 9)])
  assert.equal((await journal.tasks(...TASKS).collect(lab, run, 'done')).state, 'sealed')
  const bytes = readFileSync(run.manifest)
  const { run: record, results } = parseManifest(bytes)
  assert.deepEqual(record.scheduled, SUMMARY)
  assert.deepEqual(verifyManifest(bytes).problems, [])
  withStore(plain, (store) => {
    store.add(CHUNKS)
    seal(plain, store, store.plan())
  })
  const other = parseManifest(readFileSync(plain.manifest))
  assert.equal(other.results.root, results.root)
  assert.equal('scheduled' in other.run, false)
})

test('should change nothing of a run that is sealed', async (t) => {
  const lab = temporaryLab(t)
  const run = handedOver(lab)
  const journal = new MadeJournal('a').engine({ engine: 1 }).chunks(by(1, ...CHUNKS.keys()))
  await journal.tasks(taskTold()).collect(lab, run)
  const before = readFileSync(run.manifest)
  rmSync(run.manifest)
  await journal.tasks(taskTold({ state: 'failed' }), taskTold({ job: '124_1' })).collect(lab, run)
  assert.deepEqual(readFileSync(run.manifest), before)
  assert.equal(shortly(run).length, 1)
})

test('should name a thousand jobs and ten thousand nodes and not more, and say so', (t) => {
  const run = plannedRun(temporaryLab(t))
  const told = (n: number, job: (n: number) => string) =>
    Array.from({ length: n }, (_, i) => taskTold({ job: job(i), node: `n${i % 10_000}`, engines: [i] }))
  const add = (tasks: readonly TaskTold[], more: Partial<TaskTold> = {}) =>
    withStore(run, (store) => {
      const collected = { kind: 'chunks', makers: new Makers(1) } as const
      const collector = new Collector(store, run, {}, assert.ifError, collected)
      for (const task of tasks) collector.task({ ...task, ...more })
      collector.close()
      const [{ jobs, nodes, tasks: count }] = scheduledOf(store, []) as [(typeof SUMMARY)[0]]
      return [count, jobs?.length, nodes?.length, nodes?.at(-1)?.name]
    })
  assert.deepEqual(add(told(10_000, (i) => `${i % 1_000}_${i}`)), [10_000, 1_000, 10_000, 'n9999'])
  const more = [taskTold({ job: '1000_1', node: 'm', engines: [] })]
  assert.deepEqual(add(more), [10_001, undefined, undefined, undefined])
})

test('should keep a hundred thousand tasks, and the environment of thousands of engines once', async (t) => {
  const lab = temporaryLab(t)
  const run = handedOver(lab)
  const environment = ownEnvironment()
  const [count, engines] = [100_000, 20_000]
  const journal = new MadeJournal('a')
  for (let engine = 1; engine <= engines; engine++) journal.engine({ engine, environment })
  journal.chunks(by(engines, 4))
  for (let i = 0; i < count; i++) {
    const job = `${1 + Math.floor(i / 1_000)}_${i % 1_000}`
    journal.tasks(taskTold({ job, engines: i < engines ? [i + 1] : [] }))
  }
  const start = performance.now()
  await journal.collect(lab, run)
  await journal.chunks(by(1, 3)).collect(lab, run)
  assert.ok(performance.now() - start < 120_000, 'it took too long')
  assert.ok(statSync(run.results).size < 1_000 * count, 'environments are kept with every engine')
  const tasks = tasksIn(run)
  assert.equal(tasks.length, count)
  assert.deepEqual([tasks[0]!.ranges, tasks[engines - 1]!.ranges], [[[3, 3]], [[4, 4]]])
  const [one] = withStore(run, (store) => scheduledOf(store, executedBy(store)))
  assert.deepEqual([one!.tasks, one!.jobs!.length, one!.cpuMs], [count, 100, 1e10])
  const [node] = one!.nodes!
  assert.deepEqual([node!.engines, node!.chunks, node!.environments], [engines, 2, [0]])
})

test('should find the environments of engines again that version 0.4 kept with each', async (t) => {
  const lab = temporaryLab(t)
  const run = handedOver(lab)
  const environment = ownEnvironment()
  const journal = new MadeJournal('a').engine({ engine: 1, environment }).engine({ engine: 2, environment })
  await journal.collect(lab, run)
  withStore(run, ({ database }) => {
    const told = JSON.stringify({ engine: 1, pid: 1, host: 'h', node: environment.node, environment })
    database.prepare('UPDATE collected_engines SET text = ? WHERE engine = 1').run(told)
  })
  await journal.chunks([...by(1, 0), ...by(2, 1)]).collect(lab, run)
  assert.deepEqual(withStore(run, executedBy), [{ environment, chunks: 2 }])
})

test('should read a store of version 0.4 as it is, and give it the tables when it is executed', async (t) => {
  const lab = temporaryLab(t)
  const run = handedOver(lab)
  withStore(run, (store) => {
    store.add(by(1, 0))
    store.database.exec(
      'DROP TABLE tasks; DROP TABLE task_engines; DROP TABLE journals; PRAGMA user_version = 1',
    )
  })
  assert.deepEqual(tasksIn(run), [])
  assert.deepEqual(withStore(run, executedBy), [{ environment: null, chunks: 1 }])
  const journal = new MadeJournal('a').engine({ engine: 1 }).chunks(by(1, 1))
  await journal.tasks(taskTold()).collect(lab, run)
  assert.deepEqual(shortly(run), [['123_0', 0, 'completed', [1], [[0, 1]]]])
})
