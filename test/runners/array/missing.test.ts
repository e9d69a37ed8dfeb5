/** Each chunk is with one task at a time; what comes back is smaller where it was too much, and is given up only alone and in the end. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { TaskBlame } from '../../../runners/array/judgement.ts'
import { Missing, TAKEN_AWAY } from '../../../runners/array/missing.ts'
import { type Batch, batchSize } from '../../../runners/array/planner.ts'
import { ChunkSet } from '../../../runners/chunk-set.ts'
import { chunksIn, chunksOf } from '../../../runners/detached/submission.ts'

const SIZING = { chunkMs: 10, engines: 2, taskMs: 100 }
const NONE = new ChunkSet()
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i)
const everything = (missing: Missing) => missing.take(SIZING, 1_000, false)

test('should give each chunk to one task, but those that others have', () => {
  const missing = new Missing([...upTo(100), 5, 6], new ChunkSet([7, 8, 50]))
  const tasks = everything(missing)
  assert.deepEqual(
    tasks.flatMap((batch) => [...chunksOf(batch)]),
    upTo(100).filter((chunk) => ![7, 8, 50].includes(chunk)),
  )
  assert.equal(missing.left, 100)
  assert.equal(missing.waits, false)
  assert.deepEqual(everything(missing), [])
})

test('should not have executed what came meanwhile from elsewhere', () => {
  const missing = new Missing(upTo(10), NONE)
  for (const chunk of [0, 1, 9, 400]) missing.settle(chunk)
  assert.deepEqual(everything(missing), [[[2, 8]]])
  assert.equal(missing.left, 7)
  assert.equal(missing.isMissing(400), false)
})

test('should halve what was too much, and strike only a chunk that was alone and came to nothing', () => {
  const missing = new Missing(upTo(4), NONE)
  everything(missing)
  assert.deepEqual(missing.comeBack([0, 1, 2, 3], 'size', false), [])
  assert.deepEqual(everything(missing), [[[0, 1]], [[2, 3]]])
  for (let time = 1; time <= 5; time++) {
    assert.deepEqual(missing.comeBack([3], 'size', true), [], 'it got further')
    assert.deepEqual(everything(missing), [[[3, 3]]])
  }
  for (let time = 1; time <= 2; time++) {
    assert.deepEqual(missing.comeBack([2], 'size', false), [])
    everything(missing)
  }
  assert.deepEqual(missing.comeBack([2], 'size', false), [2])
  assert.equal(missing.isMissing(2), false)
})

test('should give up only the chunk that is at fault, however large its task was', () => {
  const missing = new Missing(upTo(64), NONE)
  const lost: number[] = []
  let waiting: readonly Batch[] = missing.take({ ...SIZING, taskMs: 10_000 }, 1_000, false)
  for (let tasks = 0; waiting.length > 0; tasks++) {
    assert.ok(tasks < 200)
    for (const batch of waiting) {
      const chunks = [...chunksOf(batch)]
      if (chunks.includes(17)) lost.push(...missing.comeBack(chunks, 'task', false))
      else for (const chunk of chunks) missing.settle(chunk)
    }
    waiting = everything(missing)
  }
  assert.deepEqual([lost, missing.left], [[17], 0])
})

test('should have patience with what is taken away, but not for ever', () => {
  const missing = new Missing([1, 2], NONE)
  for (let time = 1; time <= TAKEN_AWAY; time++) {
    everything(missing)
    assert.deepEqual(missing.comeBack([1, 2], 'nobody', false), [])
  }
  everything(missing)
  assert.deepEqual(missing.comeBack([1], 'nobody', true), [], 'it got further')
  assert.deepEqual(missing.comeBack([2], 'nobody', false), [2])
})

test('should come to an end whatever happens to tasks, and lose no chunk', () => {
  const event = fc.record({
    blame: fc.constantFrom<TaskBlame | null>('task', 'size', 'nobody', null),
    delivered: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 80 }), fc.array(event, { minLength: 1 }), (count, events) => {
      const missing = new Missing(upTo(count), NONE)
      const [done, given] = [new Set<number>(), new Set<number>()]
      let waiting: readonly Batch[] = []
      for (let n = 0; missing.left > 0; n++) {
        assert.ok(n < 40 * count + 1_000, 'it goes on and on')
        if (waiting.length === 0) waiting = everything(missing)
        const [batch, ...rest] = waiting
        waiting = rest
        const chunks = [...chunksOf(batch!)]
        assert.ok(chunksIn(batch!) <= Math.max(batchSize(SIZING), count))
        assert.ok(
          chunks.every((chunk) => !done.has(chunk) && !given.has(chunk)),
          'nothing is executed again',
        )
        const { blame, delivered } = events[n % events.length]!
        const came = blame === null ? chunks.length : Math.floor(delivered * chunks.length)
        for (const chunk of chunks.slice(0, came)) {
          missing.settle(chunk)
          done.add(chunk)
        }
        const back = chunks.slice(came)
        for (const chunk of back.length === 0 ? [] : missing.comeBack(back, blame!, came > 0))
          given.add(chunk)
      }
      assert.equal(done.size + given.size, count)
    }),
  )
})
