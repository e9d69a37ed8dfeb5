/** Tolerances: what they bridge, and what they never do. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deviation } from '../../lib/tolerance.ts'

const RELATIVE = { relative: 1e-9, absolute: 0 }
const { NaN: nan, POSITIVE_INFINITY: infinity, MAX_VALUE: max, MIN_VALUE: min } = Number

test('should measure by the larger of both sizes', () => {
  const found = deviation(1, 1.5, { relative: 0.5, absolute: 0 })
  assert.deepEqual([found?.absolute, found?.share], [0.5, 0.5 / 0.75])
  assert.ok(Math.abs(found!.relative - 1 / 3) < 1e-15)
  assert.deepEqual(deviation(1.5, 1, { relative: 0.5, absolute: 0 }), found)
})

test('should allow what either tolerance allows', () => {
  assert.ok(deviation(1, 1 + 1e-10, RELATIVE)!.share <= 1)
  assert.ok(deviation(1, 1 + 1e-8, RELATIVE)!.share > 1)
  assert.ok(deviation(1, 1 + 1e-8, { relative: 1e-9, absolute: 1e-7 })!.share <= 1)
  assert.ok(deviation(0, min, RELATIVE)!.share > 1, 'next to 0 only an absolute tolerance helps')
  assert.ok(deviation(0, min, { relative: 0, absolute: min })!.share <= 1)
})

test('should not let an edge pass by rounding', () => {
  const allowed = { relative: 0, absolute: 0.1 }
  assert.ok(deviation(0, 0.1, allowed)!.share <= 1)
  assert.ok(deviation(0, 0.1 + 2 ** -56, allowed)!.share > 1)
})

test('should overflow nowhere', () => {
  assert.equal(deviation(max, -max, RELATIVE)?.relative, 2)
  assert.ok(deviation(max, max * (1 - 1e-12), RELATIVE)!.share <= 1)
})

test('should bridge nothing but finite numbers', () => {
  for (const [left, right] of [
    [nan, 1],
    [infinity, max],
    [infinity, -infinity],
    [0, -0],
    ['1', 1],
    [1n, 1],
    [null, 0],
    [true, 1],
    [undefined, 0],
  ])
    assert.equal(deviation(left, right, { relative: 1, absolute: 1e300 }), null, `${left} and ${right}`)
})
