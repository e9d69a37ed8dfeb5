/** Failures in groups, from stores that may hold anything. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groupFailures } from '../../lab/failures.ts'
import { ResultsStore } from '../../lab/results.ts'
import { jobsBytes, jobText } from '../../lib/chunk.ts'
import { leafOf } from '../../runners/protocol.ts'
import type { ChunkDone } from '../../runners/runner.ts'
import { chunkDone, plannedRun, temporaryLab } from './run.ts'

function failing(chunk: number, messages: readonly (string | null)[]): ChunkDone {
  const jobs = messages.map((message) =>
    jobText(message === null ? { result: 1 } : { error: { name: 'RangeError', message } }),
  )
  const bytes = jobsBytes(chunk, jobs)
  const stacks = messages.flatMap((message, job) =>
    message === null ? [] : [{ job, stack: `RangeError: ${message}\n    at job ${job}` }],
  )
  return { chunk, bytes, leaf: leafOf(bytes), failed: stacks.length, ms: 1, engine: 1, stacks }
}

test('should put failures together that say the same but for numbers', (t) => {
  const store = ResultsStore.open(plannedRun(temporaryLab(t)))
  t.after(() => store.close())
  assert.deepEqual(groupFailures(store), { groups: [], read: 0, of: 0 })
  store.add([
    chunkDone(0, [1, 2]),
    failing(1, ['left at 3.5', 'left at -2e7']),
    failing(4, [null, 'something else']),
    failing(5, ['left at 9', 'left at 1']),
  ])
  const { groups, read, of } = groupFailures(store)
  assert.deepEqual([read, of], [5, 5])
  assert.deepEqual(
    groups.map(({ message, jobs, stack }) => [message, jobs, stack]),
    [
      ['left at 3.5', 3, '    at job 0'],
      ['left at -2e7', 1, '    at job 1'],
      ['something else', 1, '    at job 1'],
    ],
  )
  assert.deepEqual(groups[0]!.places[1], { chunk: 5, job: 0, point: { a: 2 }, repetition: 2 })
})

test('should bound what failures tell, and refuse chunks that are none', (t) => {
  const store = ResultsStore.open(plannedRun(temporaryLab(t)))
  t.after(() => store.close())
  store.add([failing(0, ['x'.repeat(1e6), null]), failing(1, ['y'.repeat(10e6), null])])
  const { groups, read, of } = groupFailures(store)
  assert.deepEqual([groups.length, groups[0]!.message.length, read, of], [1, 2_000, 1, 2])
  store.add([{ ...chunkDone(2, [1, 2]), bytes: Buffer.from('{}'), failed: 1 }])
  assert.throws(() => groupFailures(store), /these are not the bytes of this chunk/)
})
