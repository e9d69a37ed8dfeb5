/** Seeds: Python's, and all distinct. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalBytes } from '../../lib/canonical.ts'
import { sha256, toHex, utf8 } from '../../lib/digest.ts'
import { chunkSeed, jobSeed, sharedSeed, streamSeed } from '../../lib/seed.ts'
import { unhex, vectors } from '../golden/vectors.ts'

test('should not change its output except for a new format', () => {
  let checked = 0
  for (const { hash, seeds } of vectors.experiments) {
    for (const vector of seeds) {
      const chunk = chunkSeed(unhex(hash), vector.chunk)
      assert.equal(toHex(chunk), vector.seed)
      const factors = utf8(vector.factors)
      for (const { label, seed } of vector.setup.streams) assert.equal(toHex(streamSeed(chunk, label)), seed)
      for (const job of vector.jobs) {
        const owner = jobSeed(chunk, job.job)
        assert.equal(toHex(owner), job.seed)
        for (const { label, seed } of job.streams) assert.equal(toHex(streamSeed(owner, label)), seed)
        for (const { label, seed } of job.shared) {
          assert.equal(toHex(sharedSeed(unhex(hash), label, factors, job.repetition)), seed)
          checked++
        }
      }
    }
  }
  assert.ok(checked > 50)
})

test('should make every seed of an experiment another one', () => {
  const seen = new Set<string>()
  let made = 0
  const add = (seed: Uint8Array) => {
    made++
    seen.add(toHex(seed))
  }
  const labels = ['', 'a', 'b', 'ab', 'network', '0']
  for (const name of ['one', 'two']) {
    const experiment = sha256(utf8(name))
    for (let c = 0; c < 40; c++) {
      const chunk = chunkSeed(experiment, c)
      add(chunk)
      for (const label of labels) add(streamSeed(chunk, label))
      for (let j = 0; j < 40; j++) {
        const job = jobSeed(chunk, j)
        add(job)
        for (const label of labels) add(streamSeed(job, label))
      }
    }
    for (const label of labels) {
      for (const factors of [{}, { a: 1 }, { a: '1' }, { b: 1 }, { a: 1, b: 1 }]) {
        for (let repetition = 0; repetition < 40; repetition++) {
          add(sharedSeed(experiment, label, canonicalBytes(factors), repetition))
        }
      }
    }
  }
  assert.equal(seen.size, made)
  assert.ok(made > 20_000)
})

test('should refuse a place that cannot be', () => {
  const seed = new Uint8Array(32)
  for (const n of [-1, 0.5, 2 ** 53]) assert.throws(() => chunkSeed(seed, n), RangeError)
  for (const n of [-1, 0.5, 2 ** 32]) assert.throws(() => jobSeed(seed, n), RangeError)
})
