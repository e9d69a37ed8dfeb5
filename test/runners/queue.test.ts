/** The queue: every chunk once, suspects alone, three strikes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ChunkQueue, STRIKES } from '../../runners/queue.ts'
import { runs } from '../lib/arbitrary.ts'

const count = (n: number) => Array.from({ length: n }, (_, i) => i)

test('should give chunks in order, and count those that wait', () => {
  const queue = new ChunkQueue(count(5), 5)
  assert.deepEqual([queue.take(2), queue.waiting], [[0, 1], 3])
  assert.deepEqual([queue.take(9), queue.waiting], [[2, 3, 4], 0])
  assert.deepEqual([queue.take(1), queue.takeSuspect()], [[], undefined])
})

test('should read no further than it must', () => {
  let read = 0
  function* lazily() {
    for (;;) yield read++
  }
  const queue = new ChunkQueue(lazily(), 1e9)
  queue.take(3)
  assert.equal(read, 3)
})

test('should give blameless chunks again before fresh ones', () => {
  const queue = new ChunkQueue(count(6), 6)
  queue.giveBack(queue.take(3).slice(1))
  assert.deepEqual([queue.take(3), queue.waiting], [[1, 2, 3], 2])
})

test('should give a chunk up at the third strike, and keep suspects apart until then', () => {
  const queue = new ChunkQueue(count(3), 3)
  const [chunk] = queue.take(1)
  for (let strike = 1; strike < STRIKES; strike++) {
    assert.equal(queue.strike(chunk!), false)
    assert.equal(queue.waiting, 3)
    assert.deepEqual(queue.takeSuspect(), chunk)
  }
  assert.equal(queue.strike(chunk!), true)
  assert.deepEqual([queue.takeSuspect(), queue.take(9), queue.waiting], [undefined, [1, 2], 0])
})

test('should end with every chunk done or given up, whatever happens to engines', () => {
  const property = fc.property(
    fc.integer({ min: 1, max: 30 }),
    fc.array(fc.nat(9), { maxLength: 300 }),
    (n, fates) => {
      const queue = new ChunkQueue(count(n), n)
      const done = new Set<number>()
      const aside = new Set<number>()
      const strikes = new Map<number, number>()
      const fate = (i: number) => fates[i % Math.max(1, fates.length)] ?? 9
      for (let i = 0; queue.waiting > 0; i++) {
        assert.equal(queue.waiting, n - done.size - aside.size)
        const suspect = queue.takeSuspect()
        const taken = suspect === undefined ? queue.take(1 + (fate(i) % 4)) : [suspect]
        assert.ok(taken.length > 0)
        for (const chunk of taken) {
          assert.ok(!done.has(chunk) && !aside.has(chunk))
          if (fate(i) < 3) {
            strikes.set(chunk, (strikes.get(chunk) ?? 0) + 1)
            if (queue.strike(chunk)) aside.add(chunk)
          } else if (fate(i) === 3 && i < 1_000) queue.giveBack([chunk])
          else done.add(chunk)
        }
      }
      assert.equal(done.size + aside.size, n)
      for (const chunk of aside) assert.equal(strikes.get(chunk), STRIKES)
    },
  )
  fc.assert(property, runs(300))
})
