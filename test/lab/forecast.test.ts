/** What a forecast says of made-up pilots, worked out by hand. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { forecast } from '../../lab/forecast.ts'
import { keptBytes } from '../../lab/kept-bytes.ts'
import { chunkMsOf, type Pilot } from '../../lab/pilot.ts'
import type { LocalPlace, SshPlace, TaskPlace } from '../../lab/places.ts'
import { tasksOf } from '../../lab/task-forecast.ts'
import { documentOf } from './run.ts'

/** 100 points of 1,000 repetitions in 2,000 chunks of 50; chunks 0, 1999 and 1000 took 1.2, 3.4 and 1.7 s. */
const PILOT: Pilot = {
  document: documentOf({
    design: { product: [{ name: 'a', values: Array.from({ length: 100 }, (_, i) => i) }] },
    repetitions: 1000,
    chunk: 50,
  }),
  hash: '00',
  capsuleBytes: 200_000,
  inputBytes: 1_000_000,
  done: [
    { chunk: 0, ms: 1_200, bytes: 4_000, failed: 0 },
    { chunk: 1999, ms: 3_400, bytes: 4_400, failed: 0 },
    { chunk: 1000, ms: 1_700, bytes: 3_900, failed: 0 },
  ],
  jobsEach: 50,
  unfinished: null,
  setAside: [],
  startMs: 300,
  memoryBytes: 96_000_000,
  error: null,
  limitMs: 30_000,
}

const LOCAL: LocalPlace = { kind: 'local', engines: 8, memoryBytes: 16e9 }
const SSH: SshPlace = { kind: 'ssh', engines: 16, hosts: 3, unknown: [] }
const SLURM: TaskPlace = {
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
}

test('should say what a run takes here', () => {
  const found = forecast(PILOT, LOCAL, 0)
  assert.deepEqual([found.points, found.jobs, found.chunks], [100, 100_000, 2_000])
  assert.deepEqual(found.chunkTime, {
    meanMs: 2_100,
    leastMs: 1_200,
    mostMs: 3_400,
    chunks: 3,
    points: 3,
    atLeast: false,
  })
  assert.equal(found.coreMs, 2_000 * 2_100 + 8 * 300)
  assert.deepEqual(found.coreMsBetween, [2_000 * 1_200 + 8 * 300, 2_000 * 3_400 + 8 * 300])
  assert.equal(found.wallMs, 300 + 250 * 2_100)
  assert.equal(found.tasks, null)
  assert.equal(found.memoryBytes, 8 * 96_000_000)
  assert.deepEqual(found.bytes, {
    capsule: 200_000,
    inputs: 1_000_000,
    program: 0,
    there: 0,
    back: 0,
    results: 2_000 * 4_100,
    kept: keptBytes(2_000, 4_100, 200_000),
    largestChunk: 4_400,
  })
})

test('should count what goes to each host of a cluster, and what comes back', () => {
  const { bytes, wallMs, memoryBytes } = forecast(PILOT, SSH, 50_000)
  assert.equal(bytes.there, 3 * 1_250_000)
  assert.equal(bytes.back, 2_000 * (4_100 + 250))
  assert.equal(wallMs, 300 + 125 * 2_100)
  assert.equal(memoryBytes, null, 'which engines share a host is not known')
})

test('should divide the chunks into tasks of about the time that a task is to take', () => {
  const { tasks, coreMs, wallMs } = forecast(PILOT, { ...SLURM, atOnce: 2 }, 0)
  // 57 chunks of 2.1 s in two minutes; 36 tasks, two at once.
  assert.deepEqual(tasks, {
    count: 36,
    chunksEach: 57,
    enginesEach: 1,
    cpusEach: 1,
    ms: 300 + 57 * 2_100,
    atOnce: 2,
    arrays: 1,
    wallMs: 18 * (300 + 57 * 2_100),
  })
  assert.equal(wallMs, tasks!.wallMs)
  assert.equal(coreMs, 2_000 * 2_100 + 36 * 300)
})

test('should have all tasks side by side where nothing limits them, and as many engines in each as there are', () => {
  const { tasks, coreMs } = forecast(PILOT, { ...SLURM, engines: 4, cpus: 8 }, 0)
  assert.deepEqual([tasks!.chunksEach, tasks!.count], [4 * 57, 9])
  assert.equal(tasks!.wallMs, tasks!.ms)
  assert.equal(coreMs, 2 * (2_000 * 2_100 + 9 * 4 * 300), 'CPUs that no engine uses are paid for as well')
})

test('should split tasks by the usual size of arrays, and never make a task of less than a chunk an engine', () => {
  const tasks = (chunks: number, chunkMs: number, engines = 1) =>
    tasksOf({ ...SLURM, engines }, chunks, chunkMs, 0)
  assert.deepEqual([tasks(1_001, 500_000).count, tasks(1_001, 500_000).arrays], [1_001, 1])
  assert.equal(tasks(1_002, 500_000).arrays, 2)
  assert.equal(tasks(100, 500_000, 4).chunksEach, 4)
  assert.deepEqual([tasks(3, 500_000, 4).chunksEach, tasks(3, 500_000, 4).ms], [3, 500_000])
  assert.equal(tasks(10_000_000, 0).count, Math.ceil(10_000_000 / 2_400_000))
})

test('should count the jobs, not the chunks, where the last chunk of a point is shorter', () => {
  const document = { ...PILOT.document, repetitions: 1_025 } // 21 chunks a point, the last of 25
  const { coreMs, chunks, bytes } = forecast({ ...PILOT, document }, LOCAL, 0)
  assert.equal(chunks, 2_100)
  assert.equal(coreMs, 2_050 * 2_100 + 8 * 300)
  assert.equal(bytes.results, 2_050 * 4_100)
})

test('should give a lower bound where nothing was done in time', () => {
  const unfinished = { chunk: 0, ms: 29_700, jobs: 0, estimateMs: null }
  const found = forecast({ ...PILOT, done: [], unfinished }, LOCAL, 0)
  assert.deepEqual([found.chunkTime!.atLeast, found.chunkTime!.meanMs], [true, 29_700])
  assert.equal(found.coreMs, 2_000 * 29_700 + 8 * 300)
  const { results, kept, back, largestChunk } = found.bytes
  assert.deepEqual([results, kept, back, largestChunk], [null, null, 0, null])
  assert.equal(forecast({ ...PILOT, done: [], unfinished }, SSH, 0).bytes.back, null)
})

test('should say nothing of times where no chunk was even begun', () => {
  const found = forecast({ ...PILOT, done: [], startMs: null, memoryBytes: null }, SLURM, 0)
  const { chunkTime, coreMs, coreMsBetween, wallMs, tasks, memoryBytes } = found
  assert.deepEqual([chunkTime, coreMs, coreMsBetween, wallMs, tasks, memoryBytes], Array(6).fill(null))
})

test('should take what was begun for what its jobs say, and for a bound only where it is above the others', () => {
  const [first] = PILOT.done
  const chunkMs = (unfinished: Pilot['unfinished']) => chunkMsOf({ done: [first!], unfinished })
  assert.equal(chunkMs(null), 1_200)
  assert.equal(chunkMs({ chunk: 1999, ms: 28_800, jobs: 0, estimateMs: null }), 15_000)
  assert.equal(chunkMs({ chunk: 1999, ms: 800, jobs: 0, estimateMs: null }), 1_200, 'it says nothing yet')
  assert.equal(chunkMs({ chunk: 1999, ms: 800, jobs: 40, estimateMs: 1_000 }), 1_100)
  assert.equal(chunkMsOf({ done: [], unfinished: null }), null)
})
