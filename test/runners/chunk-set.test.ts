/** A set of chunks behaves as a set of numbers does. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ChunkSet } from '../../runners/chunk-set.ts'

test('should hold what was added, and count it once', () => {
  const chunk = fc.oneof(fc.nat(40), fc.nat(2 ** 24), fc.maxSafeNat())
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 60 }), fc.array(chunk, { maxLength: 20 }), (added, asked) => {
      const [model, set] = [new Set<number>(), new ChunkSet()]
      for (const one of added) {
        assert.equal(set.add(one), !model.has(one))
        model.add(one)
        assert.equal(set.size, model.size)
      }
      for (const one of [...asked, ...added]) assert.equal(set.has(one), model.has(one))
      const copy = set.copy()
      for (const one of asked) copy.add(one)
      assert.equal(copy.size, new Set([...added, ...asked]).size)
      assert.equal(set.size, model.size, 'the other does not change with it')
    }),
  )
})

test('should hold a million chunks in less than a megabyte', () => {
  const before = process.memoryUsage().arrayBuffers
  const set = new ChunkSet(Array.from({ length: 1_000_000 }, (_, i) => i).keys())
  assert.equal(set.size, 1_000_000)
  assert.ok(process.memoryUsage().arrayBuffers - before < 2 ** 20)
})
