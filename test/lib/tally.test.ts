/** The sum of many differences: bands of ulps, fields, and its bounds. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fieldOf, Tally } from '../../lib/tally.ts'

const after = (n: number, from = 1) => from + n * Number.EPSILON

test('should band distances by powers of two', () => {
  const tally = new Tally()
  for (const ulps of [1, 1, 2, 3, 4, 5, 8, 9, 1000]) tally.add('result', 1, after(ulps))
  const { ulps, numbers, others, differing } = tally.sum()
  assert.deepEqual(
    ulps.map(({ from, to, count }) => [from, to, count]),
    [
      [1, 1, 2],
      [2, 2, 1],
      [3, 4, 2],
      [5, 8, 2],
      [9, 16, 1],
      [513, 1024, 1],
    ],
  )
  assert.deepEqual([numbers, others, differing], [9, 0, 9])
})

test('should keep what is no pair of finite numbers apart', () => {
  const tally = new Tally()
  tally.add('result', 'a', 'b')
  tally.add('result', { $number: 'NaN' }, 1)
  tally.add('result', { $number: '-0' }, 0)
  tally.add('result', null, 1)
  const { numbers, others, ulps, fields } = tally.sum()
  assert.deepEqual([numbers, others, ulps], [0, 4, []])
  assert.deepEqual(fields, [{ field: 'result', differing: 4, ulps: null, relative: null }])
})

test('should sum by field, indices left out, the most frequent first', () => {
  const tally = new Tally()
  tally.add('result.a', 1, 2)
  for (let i = 0; i < 3; i++) tally.add(`result.list[${i}].x`, 4, after(4 * (i + 1), 4))
  tally.add('result.a', -1, 1)
  const [list, a] = tally.sum().fields
  assert.deepEqual([list?.field, list?.differing, list?.ulps], ['result.list[].x', 3, 3])
  assert.ok(Math.abs(list!.relative! / (3 * Number.EPSILON) - 1) < 1e-9)
  assert.deepEqual([a?.field, a?.differing, a?.relative], ['result.a', 2, 2])
})

test('should reach from one end of the doubles to the other', () => {
  const tally = new Tally()
  tally.add('result', -Number.MAX_VALUE, Number.MAX_VALUE)
  tally.add('result', 0, Number.MIN_VALUE)
  const { ulps } = tally.sum()
  assert.deepEqual([ulps[0]?.to, ulps[1]?.to, tally.sum().fields[0]?.relative], [1, 2 ** 64, 2])
})

test('should stay small however many fields come', () => {
  const tally = new Tally()
  for (let i = 0; i < 10_000; i++) tally.add(`result.${'k'.repeat(500)}${i}.${i}`, 1, 2)
  for (let i = 0; i < 10_000; i++) tally.add(`result.k${i}`, 1, 2)
  const { fields, elsewhere, differing } = tally.sum()
  assert.equal(differing, 20_000)
  assert.equal(fields.length, 200)
  assert.equal(fields.reduce((sum, field) => sum + field.differing, 0) + elsewhere, differing)
  assert.ok(fields.every(({ field }) => field.length < 210))
})

test('should take indices out of a path', () => {
  assert.equal(fieldOf('result.a[12][0].b'), 'result.a[][].b')
})
