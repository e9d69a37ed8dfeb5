/** Which points of two designs are the same. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { designOf, points, zip } from '../../lib/design.ts'
import { matchPoints } from '../../lib/match-points.ts'

const matched = (left: object, right: object, most = 1000) =>
  matchPoints(designOf(left), designOf(right), most)

test('should match points by their values, whatever their order and kind of design', () => {
  const { pairs, ignored } = matched({ a: [1, 2], b: [3, 4] }, { b: [4, 3], a: [2, 1] })
  assert.deepEqual(pairs, [
    [0, 3],
    [1, 1],
    [2, 2],
    [3, 0],
  ])
  assert.deepEqual(ignored, [])
  assert.deepEqual(matched({ a: [1, 2], b: [3, 4] }, zip({ a: [1, 2], b: [3, 4] })).pairs, [
    [0, 0],
    [3, 1],
  ])
})

test('should count the points of one side only', () => {
  const { pairs, onlyLeft, onlyRight } = matched({ a: [1, 2, 3] }, { a: [3, 4] })
  assert.deepEqual([pairs, onlyLeft, onlyRight], [[[2, 0]], 2, 1])
})

test('should leave out a factor with a single value that differs or is missing', () => {
  const { pairs, ignored } = matched({ a: [1, 2], n: [100], m: [1] }, { a: [1, 2], n: [200], k: [5] })
  assert.deepEqual([pairs.length, ignored], [2, ['n', 'm', 'k']])
  assert.deepEqual(matched({ a: [1], n: [100] }, { a: [1], n: [100, 200] }).ignored, [])
})

test('should match nothing where a factor varies on one side and is missing on the other', () => {
  assert.deepEqual(matched({ a: [1, 2] }, { b: [1, 2] }).pairs, [])
})

test('should match a point that is listed twice with one that is', () => {
  const twice = points([{ a: 1 }, { a: 2 }, { a: 1 }])
  assert.deepEqual(matched(twice, twice).pairs, [
    [0, 0],
    [1, 1],
    [2, 2],
  ])
  assert.deepEqual(matched(twice, points([{ a: 1 }, { a: 2 }])).pairs.length, 2)
})

test('should look at no more points than asked', () => {
  const many = { a: Array.from({ length: 1000 }, (_, i) => i), b: Array.from({ length: 1000 }, (_, i) => i) }
  const { pairs, cut } = matched(many, many, 50)
  assert.deepEqual([pairs.length, cut], [50, true])
})

test('should stop before the points of a design from anywhere fill the memory', () => {
  const wide = Array.from({ length: 2000 }, (_, i) => [`factor${i}`, ['x'.repeat(100)]] as const)
  const hostile = { a: Array.from({ length: 1000 }, (_, i) => i), ...Object.fromEntries(wide) }
  const { pairs, cut } = matched(hostile, hostile, 1e9)
  assert.ok(cut)
  assert.ok(pairs.length < 1000)
})
