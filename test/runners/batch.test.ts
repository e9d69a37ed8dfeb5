/** Batch sizes: never more than there is, never an idle engine beside waiting chunks, small at the end. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { batchSize, type Load } from '../../runners/batch.ts'
import { runs } from '../lib/arbitrary.ts'

const load: fc.Arbitrary<Load> = fc.record({
  chunkMs: fc.option(
    fc.oneof(fc.double({ min: 0, max: 1e7, noNaN: true }), fc.constantFrom(0, 1e-9, 249.9, 250)),
  ),
  outstanding: fc.nat(20_000),
  waiting: fc.oneof(fc.nat(100), fc.nat(2 ** 31)),
  engines: fc.integer({ min: 1, max: 500 }),
  latencyMs: fc.constantFrom(0, 0.3, 50, 600),
})

test('should never give more than waits, and always something to an idle engine', () => {
  const property = fc.property(load, (given) => {
    const size = batchSize(given)
    assert.ok(Number.isInteger(size) && size >= 0 && size <= given.waiting)
    assert.ok(given.outstanding + size <= Math.max(10_000, given.outstanding))
    if (given.outstanding === 0 && given.waiting > 0) assert.ok(size >= 1)
  })
  fc.assert(property, runs(2_000))
})

test('should give long and unknown chunks one at a time', () => {
  for (const chunkMs of [null, 250, 60_000]) {
    const given = { chunkMs, waiting: 1_000, engines: 4 }
    assert.equal(batchSize({ ...given, outstanding: 0 }), 1)
    assert.equal(batchSize({ ...given, outstanding: 1 }), 0)
  }
})

test('should aim at a second of work', () => {
  const given = { outstanding: 0, waiting: 1e9, engines: 2 }
  assert.equal(batchSize({ ...given, chunkMs: 10 }), 100)
  assert.equal(batchSize({ ...given, chunkMs: 0 }), 10_000)
  assert.equal(batchSize({ ...given, chunkMs: 10, outstanding: 40 }), 60)
  assert.equal(batchSize({ ...given, chunkMs: 10, outstanding: 60 }), 0)
})

test('should give less and less towards the end, so that engines finish together', () => {
  let waiting = 400
  let last = Number.POSITIVE_INFINITY
  const sizes: number[] = []
  while (waiting > 0) {
    const size = batchSize({ chunkMs: 1, outstanding: 0, waiting, engines: 4 })
    assert.ok(size <= last && size <= Math.ceil(waiting / 8))
    sizes.push(size)
    last = size
    waiting -= size
  }
  assert.deepEqual([sizes[0], sizes.at(-1)], [50, 1])
})

test('should give batches of the size that was asked for, one after the other', () => {
  const given = { chunkMs: 0.1, outstanding: 0, waiting: 7, engines: 2 }
  assert.equal(batchSize({ ...given, batch: 1 }), 1)
  assert.equal(batchSize({ ...given, batch: 5 }), 5)
  assert.equal(batchSize({ ...given, batch: 100 }), 7)
  assert.equal(batchSize({ ...given, batch: 5, chunkMs: null }), 5)
  assert.equal(batchSize({ ...given, batch: 5, outstanding: 1 }), 0)
  assert.equal(batchSize({ ...given, batch: 5, waiting: 0 }), 0)
})

test('should give an engine far away its next chunk before it runs dry', () => {
  const given = { waiting: 1_000, engines: 4, latencyMs: 50 }
  assert.equal(batchSize({ ...given, chunkMs: null, outstanding: 0 }), 2)
  assert.equal(batchSize({ ...given, chunkMs: 1_000, outstanding: 0 }), 2)
  assert.equal(batchSize({ ...given, chunkMs: 1_000, outstanding: 1 }), 1)
  assert.equal(batchSize({ ...given, chunkMs: 1_000, outstanding: 2 }), 0)
  assert.equal(batchSize({ ...given, chunkMs: 60_000, outstanding: 1 }), 0) // waiting costs less than a thousandth
  assert.equal(batchSize({ ...given, chunkMs: 250, outstanding: 1, latencyMs: 600 }), 3)
  for (const chunkMs of [1, 10, 100]) {
    const held = Math.floor(50 / chunkMs) // what is left when there is just time for a message there and back
    assert.ok(batchSize({ ...given, chunkMs, outstanding: held }) > 0)
  }
})

test('should queue no long chunk behind another where engines would idle for want of it', () => {
  for (let waiting = 1; waiting <= 4; waiting++) {
    const given = { chunkMs: 1_000, waiting, engines: 4, latencyMs: 100 }
    assert.equal(batchSize({ ...given, outstanding: 1 }), 0)
    assert.equal(batchSize({ ...given, outstanding: 0 }), 1)
  }
})
