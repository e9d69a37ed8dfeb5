/** The sample draw: Python's, fair, and what a clean sample proves. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { utf8 } from '../../lib/digest.ts'
import { drawSample, fractionBound, spreadSample } from '../../lib/sample.ts'
import { unhex, vectors } from '../golden/vectors.ts'
import { runs } from './arbitrary.ts'

test('should not change its output except for a new format', () => {
  assert.ok(vectors.samples.length >= 20)
  for (const { n, k, entropy, drawn } of vectors.samples) {
    assert.deepEqual(drawSample(n, k, unhex(entropy)), drawn, `${k} of ${n}`)
  }
})

test('should draw distinct chunks in ascending order', () => {
  const property = fc.property(
    fc.integer({ min: 1, max: 500 }),
    fc.integer({ min: 0, max: 60 }),
    fc.uint8Array(),
    (n, k, entropy) => {
      const drawn = drawSample(n, k, entropy)
      assert.equal(drawn.length, Math.min(n, k))
      assert.ok(
        drawn.every((chunk, i) => Number.isInteger(chunk) && chunk < n && chunk > (drawn[i - 1] ?? -1)),
      )
      assert.deepEqual(drawSample(n, k, entropy), drawn)
    },
  )
  fc.assert(property, runs(300))
})

test('should draw every chunk, and every pair, about equally often', () => {
  const draws = 6000
  const single = new Array<number>(8).fill(0)
  const pairs = new Map<string, number>()
  for (let i = 0; i < draws; i++) {
    const drawn = drawSample(8, 2, utf8(`draw ${i}`))
    for (const chunk of drawn) single[chunk]!++
    pairs.set(drawn.join(), (pairs.get(drawn.join()) ?? 0) + 1)
  }
  for (const count of single) assert.ok(Math.abs(count - draws / 4) < 200, `${single}`)
  assert.equal(pairs.size, 28)
  const expected = draws / 28
  const chi = [...pairs.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  assert.ok(chi < 60, `chi-square ${chi} with 27 degrees of freedom`)
})

test('should bound the fraction of chunks that may differ', () => {
  assert.ok(Math.abs(fractionBound(100) - 0.0295) < 5e-5)
  assert.ok(Math.abs(fractionBound(300) - 0.00994) < 5e-6)
  for (const k of [1, 10, 1000]) {
    assert.ok(Math.abs((1 - fractionBound(k)) ** k - 0.05) < 1e-12, 'all clean with a chance of 5 %')
  }
})

test('should spread a look over all chunks: the first, the last, and evenly between', () => {
  assert.deepEqual(spreadSample(80, 4), [0, 26, 53, 79])
  assert.deepEqual(spreadSample(9, 1), [0])
  assert.deepEqual(spreadSample(3, 4), [0, 1, 2])
  const property = fc.property(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 2, max: 50 }), (n, k) => {
    const spread = spreadSample(n, k)
    assert.equal(new Set(spread).size, Math.min(n, k))
    assert.deepEqual([spread[0], spread.at(-1)], [0, n - 1])
    const steps = spread.slice(1).map((chunk, i) => chunk - spread[i]!)
    assert.ok(Math.max(...steps, 1) - Math.min(...steps, 1e9) <= 1, 'even steps')
  })
  fc.assert(property, runs(300))
})
