/** Counts by point: of a run that is not done, of one with failures, of an audit. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RerunPlan } from '../../lab/plan.ts'
import { pointCounts } from '../../lab/point-counts.ts'
import { ResultsStore } from '../../lab/results.ts'
import { chunkDone, plannedRun, temporaryLab } from './run.ts'

test('should count points that are open, first those of the design', (t) => {
  const store = ResultsStore.open(plannedRun(temporaryLab(t)))
  t.after(() => store.close())
  store.add([
    chunkDone(0, [1, 2]),
    chunkDone(1, [1, 2]),
    { ...chunkDone(2, [1, 2]), failed: 1 },
    chunkDone(3, [1, 2]),
    chunkDone(9, [1, 2]),
  ])
  const counts = pointCounts(store, 2)
  assert.deepEqual([counts.openCount, counts.points, counts.donePoints], [4, 5, 2])
  assert.deepEqual(counts.open, [
    { point: { a: 1 }, done: 2, chunks: 2, failedJobs: 1 },
    { point: { a: 2 }, done: 0, chunks: 2, failedJobs: 0 },
  ])
})

test('should count of an audit only what its sample asks for', (t) => {
  const rerun = { run: 'x', root: 'ab', sample: [0, 4, 5], entropy: '00' } as unknown as RerunPlan
  const store = ResultsStore.open(plannedRun(temporaryLab(t), { rerun }))
  t.after(() => store.close())
  store.add([chunkDone(4, [1, 2])])
  const { open, points, donePoints } = pointCounts(store, 9)
  assert.deepEqual([points, donePoints], [2, 0])
  assert.deepEqual(
    open.map(({ done, chunks }) => `${done}/${chunks}`),
    ['0/1', '1/2'],
  )
})
