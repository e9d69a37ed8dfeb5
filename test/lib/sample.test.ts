/** The sample draw: Python's, and fair. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { toHex, utf8 } from '../../lib/digest.ts'
import { auditEntropy, drawSample, shareCount, spreadSample } from '../../lib/sample.ts'
import { unhex, vectors } from '../golden/vectors.ts'
import { runs } from './arbitrary.ts'
import { refused } from './refusal.ts'

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

test('should make entropy of a root and a beacon, other for every other root or text', () => {
  for (const { root, beacon, entropy } of vectors.beacons) {
    assert.equal(toHex(auditEntropy(root, beacon)), entropy, beacon)
  }
  const distinct = new Set(vectors.beacons.map(({ entropy }) => entropy))
  assert.ok(distinct.size === vectors.beacons.length && distinct.size >= 12)
  refused(() => auditEntropy('ab', '0'), 'not-intact')
})

test('should count a share exactly, rounded up', () => {
  const shares: readonly [share: string, n: number, count: number | null][] = [
    ['1%', 80, 1],
    ['5%', 80, 4],
    ['1%', 100, 1],
    ['1%', 101, 2],
    ['0.7%', 1000, 7],
    ['1.1%', 1000, 11],
    ['0.000000000000001%', 2 ** 24, 1],
    ['100%', 2 ** 24, 2 ** 24],
    ['100.0%', 7, 7],
    ['4', 80, 4],
    ['200', 80, 80],
    ['0', 80, null],
    ['0%', 80, null],
    ['0.0%', 80, null],
    ['100.1%', 80, null],
    ['1.5', 80, null],
    ['-1', 80, null],
    ['.5%', 80, null],
    ['1 %', 80, null],
    ['1e2', 80, null],
    ['', 80, null],
    ['%', 80, null],
  ]
  for (const [share, n, count] of shares) assert.equal(shareCount(share, n), count, `${share} of ${n}`)
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
