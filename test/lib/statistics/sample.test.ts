/** Jobs as samples: fields by path, failures, summaries, bounds. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MOST_FIELDS, Sample } from '../../../lib/statistics/sample.ts'
import { encode } from '../../../lib/values.ts'

const job = (value: unknown) => ({ result: encode(value) })
const error = { error: { name: 'E', message: 'no' } }
const columns = ({ columns: found }: Sample) => Object.fromEntries(found)

test('should collect each field by job', () => {
  const sample = new Sample()
  sample.add(
    { chunk: 0, jobs: [job({ a: 1, b: { c: true } }), error, job({ a: 2n, b: { c: false } })] },
    0,
    0,
    3,
  )
  sample.add({ chunk: 1, jobs: [job({ a: Number.NaN, b: null })] }, 3, 1, 1)
  assert.deepEqual(columns(sample), {
    'result.a': { at: [0, 2, 3], values: [1, 2n, Number.NaN] },
    'result.b.c': { at: [0, 2], values: [true, false] },
  })
  assert.deepEqual([sample.jobs, sample.failed, sample.measured], [4, [1], [0, 2, 3]])
})

test('should take lists and typed arrays by index', () => {
  const sample = new Sample()
  sample.add({ chunk: 0, jobs: [job([1, 'x']), job(new Float64Array([3, 4]))] }, 10, 1, 2)
  assert.deepEqual(columns(sample), {
    'result[0]': { at: [10, 11], values: [1, 3] },
    'result[1]': { at: [10, 11], values: ['x', 4] },
  })
})

test('should take a summary for one value', () => {
  const sample = new Sample()
  sample.add({ chunk: 5, summary: encode({ mean: 2 }), failed: [{ job: 1, ...error }] }, 20, 2, 10)
  assert.deepEqual(columns(sample), { 'summary.mean': { at: [2], values: [2] } })
  assert.deepEqual([sample.summarised, sample.jobs, sample.failed], [true, 10, [21]])
})

test('should stay small however many fields there are', () => {
  const sample = new Sample()
  const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, i]))
  sample.add({ chunk: 0, jobs: [job(wide), job(new Uint8Array(1_000_000))] }, 0, 0, 2)
  assert.equal(sample.columns.size, MOST_FIELDS)
  assert.equal(sample.passedOver.size, MOST_FIELDS)
})
