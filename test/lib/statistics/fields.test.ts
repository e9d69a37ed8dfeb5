/** The tests of one point: which test a field gets, for independent samples and for pairs. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testFields } from '../../../lib/statistics/fields.ts'
import { fisher } from '../../../lib/statistics/fisher.ts'
import { Sample } from '../../../lib/statistics/sample.ts'
import { encode } from '../../../lib/values.ts'

/** A sample of jobs; undefined is a failed one. */
function sampleOf(values: readonly unknown[]): Sample {
  const sample = new Sample()
  const error = { name: 'E', message: 'no' }
  const jobs = values.map((value) => (value === undefined ? { error } : { result: encode(value) }))
  sample.add({ chunk: 0, jobs }, 0, 0, jobs.length)
  return sample
}
const tested = (left: readonly unknown[], right: readonly unknown[], paired = false) =>
  testFields(sampleOf(left), sampleOf(right), paired)
const told = (left: readonly unknown[], right: readonly unknown[], paired = false) =>
  tested(left, right, paired).tests.map(({ field, test: name }) => `${field}: ${name}`)
const upTo = (n: number, from = 0) => Array.from({ length: n }, (_, i) => from + i)

test('should test numbers for a shift and for any change', () => {
  assert.deepEqual(told(upTo(9), upTo(9, 3)), ['result: rank-sum', 'result: smirnov'])
  const [shift] = tested(upTo(9), upTo(8, 100)).tests
  assert.ok(shift!.p < 0.001)
  assert.deepEqual(
    [shift?.left, shift?.right],
    [
      { count: 9, median: 4 },
      { count: 8, median: 103.5 },
    ],
  )
})

test('should test what has two values by Fisher’s test', () => {
  const [a, b] = [
    [true, true, true, true, false],
    [false, false, false, false, false, false],
  ]
  const { tests } = tested(a, b)
  assert.deepEqual(
    tests.map(({ field, test: name, p }) => [field, name, p]),
    [['result', 'fisher', fisher(4, 5, 0, 6)]],
  )
  assert.deepEqual(told(['x', 'y'], ['y', 'y']), ['result: fisher'])
  assert.deepEqual(told([0, 1, Number.NaN], [Number.NaN, 1, -0]), ['result: rank-sum', 'result: smirnov'])
})

test('should test failures and missing values as shares', () => {
  const { tests } = tested([1, 2, undefined, undefined], [null, 2, 5, null])
  const [failed, presence] = tests
  assert.deepEqual(
    [failed?.field, failed?.p, failed?.left],
    ['failed', fisher(2, 4, 0, 4), { count: 4, share: 0.5 }],
  )
  assert.deepEqual([presence?.field, presence?.p], ['presence of result', fisher(2, 2, 2, 4)])
  assert.deepEqual(told([{ a: 1 }, { a: 1 }], [{ b: 1 }, { b: 1 }]), [
    'presence of result.a: fisher',
    'presence of result.b: fisher',
  ])
})

test('should not test what is constant', () => {
  assert.deepEqual(tested([{ a: 7, b: 'x' }], [{ a: 7, b: 'x' }]), { tests: [], untested: [] })
})

test('should say what it cannot test', () => {
  assert.deepEqual(tested(['x', 'y'], ['z']).untested, [
    { field: 'result', why: 'its texts are of more than two kinds' },
  ])
  assert.deepEqual(tested(['x', 1], [2]).untested, [
    { field: 'result', why: 'its values are of several kinds' },
  ])
  const { tests, untested } = tested([upTo(5000), upTo(5000, 1)], [upTo(5000, 2), upTo(5000, 3)])
  assert.equal(new Set(tests.map(({ field }) => field)).size, 200)
  assert.deepEqual(untested, [{ field: 'result[]', why: 'too many fields' }])
})

test('should take the jobs of one experiment for pairs', () => {
  const left = upTo(12).map((n) => n * 100)
  const right = left.map((n) => n + 0.001)
  const [only, ...others] = tested(left, right, true).tests
  assert.deepEqual(
    others.map(({ field, p }) => [field, p]),
    [['spread of result', 1]],
  )
  assert.deepEqual([only?.test, only?.p], ['signed-rank', 2 / 2 ** 12])
  assert.ok(Math.abs(only!.largest! - 0.001) < 1e-9)
  assert.ok(
    tested(left, right).tests.every(({ p }) => p > 0.5),
    'independent samples would not see it',
  )
  assert.deepEqual(told(left, left, true), [])
})

test('should pair failures, missing values and truth values by where they lean', () => {
  const fine = upTo(8)
  const half = fine.map((n) => (n < 6 ? undefined : n))
  const { tests } = tested(fine, half, true)
  assert.deepEqual(
    tests.map(({ field, p }) => [field, p]),
    [['failed', 2 / 2 ** 6]],
  )
  const missing = tested(
    fine,
    fine.map((n) => (n < 5 ? null : n)),
    true,
  ).tests
  assert.deepEqual(
    missing.map(({ field, p }) => [field, p]),
    [['presence of result', 2 / 2 ** 5]],
  )
  const truths = tested(
    fine.map(() => true),
    fine.map((n) => n > 3),
    true,
  ).tests
  assert.deepEqual(
    truths.map(({ field, p }) => [field, p]),
    [['result', 2 / 2 ** 4]],
  )
})

test('should order what is not finite in pairs', () => {
  const { NaN: nan, POSITIVE_INFINITY: infinity } = Number
  const [only] = tested([1, 2, infinity, nan, -0], [nan, infinity, nan, nan, 0], true).tests
  assert.deepEqual([only?.p, only?.largest], [2 / 2 ** 3, infinity])
  assert.deepEqual(tested(['a', 'b'], ['a', 'c'], true).untested.length, 1)
})

test('should say of pairs that they differ in what cannot be tested', () => {
  for (const right of [
    ['c', 'd'],
    [1, 2],
  ]) {
    const { tests, untested } = tested(['a', 'b'], right, true)
    assert.deepEqual([tests.length, untested[0]?.differs], [0, true])
  }
  assert.deepEqual(tested(['a', 'b'], ['a', 'b'], true), { tests: [], untested: [] })
})

test('should tell large bigints from their neighbours', () => {
  const left = upTo(12).map((n) => 2n ** 60n + BigInt(4 * n))
  const [only] = tested(left, left.map((n) => n + 1n), true).tests // biome-ignore format: short
  assert.deepEqual([only?.p, only?.largest], [2 / 2 ** 12, 1])
  assert.deepEqual(told(left, left, true), [])
  const [apart] = tested(left, left.map((n) => n + 100n)).tests // biome-ignore format: short
  assert.ok(apart!.p < 0.001)
  assert.deepEqual(told([2n ** 60n, 2n ** 60n + 1n], [2n ** 60n + 1n]), ['result: fisher'])
})

test('should find pairs that scatter more on one side, though they lean to none', () => {
  const left = upTo(40).map((n) => n / 40)
  const right = left.map((x, i) => x + (i % 2 === 0 ? 1000 : -1000))
  const { tests } = tested(left, right, true)
  assert.deepEqual(
    tests.map(({ field, p }) => [field, p < 1e-6]),
    [
      ['result', false],
      ['spread of result', true],
    ],
  )
})
