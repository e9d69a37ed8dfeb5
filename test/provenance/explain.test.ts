/** Where two executions of a chunk differ: job, path, values and ulps. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalBytes } from '../../lib/canonical.ts'
import { experiment } from '../../lib/experiment.ts'
import { encode, type Value } from '../../lib/values.ts'
import { chunkDifferences, explainChunk } from '../../provenance/explain.ts'

const { document } = experiment({
  name: 'explain',
  parameters: { a: [1, 2], b: ['x', 'y'] },
  repetitions: 5,
  chunk: 3,
  run: () => 1,
})

type JobWords = { result: Value } | { error: { name: string; message: string } }

const chunk = (jobs: readonly JobWords[], index = 2) =>
  Buffer.from(
    `{"chunk":${index},"jobs":[${jobs
      .map((job) =>
        'result' in job
          ? `{"result":${Buffer.from(canonicalBytes(job.result)).toString()}}`
          : Buffer.from(canonicalBytes(job)).toString(),
      )
      .join()}]}`,
  )
const three = (middle: JobWords): JobWords[] => [{ result: 0 }, middle, { result: 9 }]

function difference(left: JobWords, right: JobWords) {
  const {
    chunk: index,
    point,
    job,
    repetition,
    path,
    expected,
    actual,
    ulps,
  } = explainChunk(document, 2, chunk(three(left)), chunk(three(right)))
  assert.deepEqual([index, point, job, repetition], [2, { a: 1, b: 'y' }, 1, 1])
  return [path, expected, actual, ulps]
}

test('should name job, path, both values and the distance of numbers', () => {
  assert.deepEqual(difference({ result: 1 }, { result: 1 + Number.EPSILON }), [
    'result',
    1,
    1 + Number.EPSILON,
    1,
  ])
  assert.deepEqual(difference({ result: { x: [1, 0.3] } }, { result: { x: [1, 0.1 + 0.2] } }), [
    'result.x[1]',
    0.3,
    0.1 + 0.2,
    1,
  ])
  assert.deepEqual(difference({ result: 0 }, { result: -0 }), ['result', 0, encode(-0), 1])
  assert.deepEqual(difference({ result: 1 }, { result: Number.NaN }), ['result', 1, { $number: 'NaN' }, null])
  assert.deepEqual(difference({ result: 1n }, { result: 1 }), ['result', { $bigint: '1' }, 1, null])
})

test('should look into typed arrays', () => {
  const left = { result: { list: new Float64Array([1, 2, 3]) } }
  const right = { result: { list: new Float64Array([1, 2, 3 + 2 * 2 ** -51]) } }
  assert.deepEqual(difference(left, right), ['result.list[2]', 3, 3 + 2 * 2 ** -51, 2])
  const kinds = difference({ result: new Float32Array([1]) }, { result: new Float64Array([1]) })
  assert.deepEqual(kinds, ['result', encode(new Float32Array([1])), encode(new Float64Array([1])), null])
  assert.deepEqual(difference({ result: new Int8Array([1]) }, { result: new Int8Array([1, 5]) }), [
    'result[1]',
    null,
    5,
    null,
  ])
})

test('should tell lengths, keys and kinds that differ', () => {
  assert.deepEqual(difference({ result: [1] }, { result: [1, 2] }), ['result[1]', null, 2, null])
  assert.deepEqual(difference({ result: { a: 1 } }, { result: { a: 1, b: null } }), [
    'result.b',
    null,
    null,
    null,
  ])
  assert.deepEqual(difference({ result: '1' }, { result: 1 }), ['result', '1', 1, null])
})

test('should tell an error from a result, and two errors apart', () => {
  const error = { name: 'E', message: 'one' }
  const other = { name: 'E', message: 'two' }
  assert.deepEqual(difference({ error }, { error: other }), ['error.message', 'one', 'two', null])
  const [path, expected, actual] = difference({ result: 1 }, { error })
  assert.deepEqual([path, expected, actual], ['error', null, error])
})

test('should look into summaries', () => {
  const summary = (mean: number, failed: readonly object[] = []) =>
    Buffer.from(JSON.stringify({ chunk: 3, failed, summary: { mean } }))
  const found = explainChunk(document, 3, summary(1), summary(2))
  assert.deepEqual(
    [found.chunk, found.point, found.job, found.path, found.expected, found.actual, found.ulps],
    [3, { a: 1, b: 'y' }, null, 'summary.mean', 1, 2, 2 ** 52],
  )
  const failed = [{ error: { message: 'm', name: 'E' }, job: 0 }]
  assert.match(String(explainChunk(document, 3, summary(1), summary(1, failed)).path), /^failed/)
})

test('should say no more than is known without the expected bytes', () => {
  for (const [left, right] of [
    [null, chunk(three({ result: 1 }))],
    [null, null],
  ] as const) {
    const found = explainChunk(document, 2, left, right)
    assert.deepEqual([found.chunk, found.job, found.path, found.ulps], [2, null, null, null])
  }
})

test('should count repetitions from the chunk’s first', () => {
  const [left, right] = [{ result: 1 }, { result: 2 }]
  const found = explainChunk(document, 5, chunk([left, left], 5), chunk([left, right], 5))
  assert.deepEqual([found.point, found.job, found.repetition], [{ a: 2, b: 'x' }, 1, 4])
})

test('should give every difference of a chunk, job by job', () => {
  const left = chunk([{ result: { a: 1, b: 2 } }, { result: 0 }, { result: 3 }])
  const right = chunk([{ result: { a: 9, b: 8 } }, { result: 0 }, { result: 4 }])
  const found = [...chunkDifferences(document, 2, left, right)].map(({ job, path }) => [job, path])
  assert.deepEqual(found, [
    [0, 'result.a'],
    [0, 'result.b'],
    [2, 'result'],
  ])
})
