/** The bound on differing chunks: Python's, which tries every arrangement; true in trials; and what strata change. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Drawn, differingBound } from '../../lib/bound.ts'
import { utf8 } from '../../lib/digest.ts'
import { drawSample } from '../../lib/sample.ts'
import { vectors } from '../golden/vectors.ts'
import { runs } from './arbitrary.ts'

/** How many ways there are to choose `k` of `n`. */
function ways(n: number, k: number): bigint {
  let count = 1n
  for (let i = 0; i < k; i++) count = (count * BigInt(n - i)) / BigInt(i + 1)
  return count
}

/** Every way to place `differing` chunks in the strata. */
function* arrangements(strata: readonly Drawn[], differing: number): Generator<number[]> {
  const [first, ...others] = strata
  if (first === undefined) {
    if (differing === 0) yield []
    return
  }
  for (let own = 0; own <= Math.min(first.chunks, differing); own++)
    for (const rest of arrangements(others, differing - own)) yield [own, ...rest]
}

/** Whether so many differing chunks escape, in some arrangement, with a chance of 5 % or more. */
function mayEscape(strata: readonly Drawn[], differing: number): boolean {
  const all = strata.reduce((product, { chunks, drawn }) => product * ways(chunks, drawn), 1n)
  for (const held of arrangements(strata, differing)) {
    const clean = strata.reduce(
      (product, { chunks, drawn }, i) => product * ways(chunks - held[i]!, drawn),
      1n,
    )
    if (20n * clean >= all) return true
  }
  return false
}

test('should not change its output except for a new format', () => {
  assert.ok(vectors.bounds.length >= 30)
  for (const { strata, bound } of vectors.bounds)
    assert.equal(differingBound(strata), bound, JSON.stringify(strata))
})

test('should be what trying every arrangement gives', () => {
  const stratum = fc
    .integer({ min: 1, max: 9 })
    .chain((chunks) => fc.record({ chunks: fc.constant(chunks), drawn: fc.integer({ min: 0, max: chunks }) }))
  const property = fc.property(fc.array(stratum, { minLength: 1, maxLength: 4 }), (strata) => {
    const total = strata.reduce((sum, { chunks }) => sum + chunks, 0)
    const bound = differingBound(strata)
    assert.ok(mayEscape(strata, bound))
    for (let more = bound + 1; more <= total; more++) assert.ok(!mayEscape(strata, more), `${more}`)
  })
  fc.assert(property, runs(150))
})

test('should be true of the draw: one more differing chunk escapes in fewer than one of twenty audits', () => {
  const [n, k, audits] = [12, 4, 20_000]
  const bound = differingBound([{ chunks: n, drawn: k }])
  const escaped = (differing: number) => {
    let count = 0
    for (let i = 0; i < audits; i++)
      if (drawSample(n, k, utf8(`audit ${i}`)).every((chunk) => chunk >= differing)) count++
    return count / audits
  }
  assert.equal(bound, 5)
  assert.ok(Math.abs(escaped(5) - 35 / 495) < 0.01, 'C(7, 4) of C(12, 4)')
  assert.ok(escaped(6) < 0.05)
})

test('should be sharper than the bound for draws that are put back, and near it for few of many', () => {
  for (const [n, k] of [
    [20, 6],
    [100, 50],
    [1000, 100],
    [100_000, 300],
  ] as const) {
    const exact = differingBound([{ chunks: n, drawn: k }])
    const putBack = n * (1 - 0.05 ** (1 / k))
    assert.ok(exact <= putBack && exact > 0.7 * putBack - 1, `${exact} and ${putBack}`)
  }
})

test('should say of strata no more than is true: spread over them, chunks escape more often than from a simple draw', () => {
  const strata = Array.from({ length: 10 }, () => ({ chunks: 4, drawn: 1 }))
  assert.deepEqual([differingBound(strata), differingBound([{ chunks: 40, drawn: 10 }])], [10, 9])
  assert.equal(
    differingBound([...strata, { chunks: 3, drawn: 0 }]),
    13,
    'nothing is known of what was not drawn',
  )
})

test('should take no time for the largest run, and no harm from numbers that cannot be', () => {
  const started = performance.now()
  assert.equal(differingBound([{ chunks: 2 ** 24, drawn: 1 }]), 15_938_355)
  const uneven = Array.from({ length: 1000 }, (_, i) => ({ chunks: 10 + i, drawn: 1 }))
  assert.ok(differingBound([{ chunks: 2 ** 24 - 1e6, drawn: 1 }, ...uneven]) > 14_900_000)
  assert.ok(performance.now() - started < 20_000)
  assert.equal(differingBound([{ chunks: 3, drawn: 7 }]), 0)
})
