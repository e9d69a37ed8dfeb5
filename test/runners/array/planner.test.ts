/** Every missing chunk is in exactly one task or left over, in order; tasks are as large as they are to be, and no more than there is room for. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  type Batch,
  batchSize,
  cutTasks,
  halves,
  planArray,
  SCOUTS,
  scoutTasks,
} from '../../../runners/array/planner.ts'
import { chunksIn, chunksOf, rangesOf } from '../../../runners/detached/submission.ts'

/** Missing chunks, ascending or descending, with gaps. */
const missing = fc
  .tuple(fc.uniqueArray(fc.nat(400), { maxLength: 200 }), fc.boolean())
  .map(([chunks, down]) => chunks.sort((a, b) => (down ? b - a : a - b)))

const flat = (batches: readonly Batch[]) => batches.flatMap((batch) => [...chunksOf(batch)])

test('should cut chunks into tasks in their order, each of its size, and leave the rest', () => {
  fc.assert(
    fc.property(missing, fc.integer({ min: 1, max: 50 }), fc.nat(20), (chunks, size, most) => {
      const { tasks, rest } = cutTasks(rangesOf(chunks), size, most)
      assert.deepEqual([...flat(tasks), ...chunksOf(rest)], chunks)
      assert.equal(tasks.length, Math.min(most, Math.ceil(chunks.length / size)))
      for (const [i, task] of tasks.entries()) {
        const last = i === Math.ceil(chunks.length / size) - 1
        assert.equal(chunksIn(task), last ? chunks.length - i * size : size)
      }
    }),
  )
})

test('should spread scouts over all chunks, and leave each other one, in order', () => {
  fc.assert(
    fc.property(
      missing,
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 0, max: SCOUTS }),
      (chunks, size, most) => {
        const { tasks, rest } = scoutTasks(rangesOf(chunks), size, most)
        assert.ok(tasks.length <= most)
        assert.ok(tasks.every((task) => task.length > 0 && chunksIn(task) <= size))
        const left = [...chunksOf(rest)]
        assert.deepEqual([...flat(tasks), ...left].sort(byNumber), [...chunks].sort(byNumber))
        const places = new Map(chunks.map((chunk, i) => [chunk, i]))
        for (const some of [flat(tasks), left])
          assert.deepEqual(
            some,
            some.toSorted((a, b) => places.get(a)! - places.get(b)!),
          )
        if (most > 1 && chunks.length > 0) {
          assert.equal(flat(tasks)[0], chunks[0])
          if (chunks.length > size * most)
            assert.equal(flat(tasks).at(-1), chunks.at(-1), 'the last point is met too')
        }
      },
    ),
  )
})

test('should plan an array that has every chunk at most once and is within its bounds', () => {
  const batches = fc.array(
    fc.uniqueArray(fc.integer({ min: 1_000, max: 1_100 }), { minLength: 1, maxLength: 5 }),
    { maxLength: 6 },
  )
  const sizing = fc.record({
    chunkMs: fc.option(fc.integer({ min: 0, max: 500 })),
    engines: fc.integer({ min: 1, max: 6 }),
    taskMs: fc.integer({ min: 1, max: 2_000 }),
  })
  fc.assert(
    fc.property(missing, batches, sizing, fc.nat(20), fc.boolean(), (chunks, alone, how, room, scout) => {
      const before = { free: rangesOf(chunks), batches: alone.map((batch) => rangesOf(batch)) }
      const { tasks, free, batches } = planArray(before, how, room, scout)
      assert.ok(tasks.length <= room)
      assert.deepEqual(
        [...flat(tasks), ...chunksOf(free), ...flat(batches)].sort(byNumber),
        [...chunks, ...alone.flat()].sort(byNumber),
      )
      assert.deepEqual(
        tasks.slice(0, alone.length),
        before.batches.slice(0, room),
        'suspects go first, as they are',
      )
      for (const task of tasks.slice(alone.length)) assert.ok(chunksIn(task) <= batchSize(how))
      if (how.chunkMs === null && !scout) assert.deepEqual(free, before.free)
      if (how.chunkMs === null) assert.ok(tasks.length <= alone.length + SCOUTS)
    }),
  )
})

test('should make tasks as long as they are to be, and never without a chunk for each engine', () => {
  assert.equal(batchSize({ chunkMs: 1_000, engines: 4, taskMs: 120_000 }), 480)
  assert.equal(batchSize({ chunkMs: 500_000, engines: 4, taskMs: 120_000 }), 4)
  assert.equal(batchSize({ chunkMs: null, engines: 3, taskMs: 120_000 }), 3)
  assert.ok(batchSize({ chunkMs: 0, engines: 1, taskMs: 120_000 }) < 1e7)
})

test('should halve what was too much for one task', () => {
  fc.assert(
    fc.property(missing, (chunks) => {
      const two = halves(rangesOf(chunks))
      assert.deepEqual(flat(two), chunks)
      if (chunks.length < 2) assert.equal(two.length, 1)
      else assert.deepEqual(two.map(chunksIn), [Math.ceil(chunks.length / 2), Math.floor(chunks.length / 2)])
    }),
  )
})

test('should plan ten million chunks in little time and room', () => {
  const before = process.memoryUsage().heapUsed
  const start = performance.now()
  let [free, tasks, last]: [Batch, number, number] = [[[0, 9_999_999]], 0, -1]
  while (free.length > 0) {
    const planned = planArray(
      { free, batches: [] },
      { chunkMs: 1_000, engines: 4, taskMs: 120_000 },
      1_001,
      true,
    )
    tasks += planned.tasks.length
    last = planned.tasks.at(-1)!.at(-1)![1]
    free = planned.free
  }
  assert.deepEqual([tasks, last], [Math.ceil(1e7 / 480), 9_999_999])
  assert.ok(performance.now() - start < 10_000)
  assert.ok(process.memoryUsage().heapUsed - before < 100e6)
})

function byNumber(a: number, b: number): number {
  return a - b
}
