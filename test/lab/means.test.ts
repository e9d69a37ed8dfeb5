/** Means point by point: over what is there, with how much that is, and nothing that is no number. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { flattenMeans, type PointMeans, pointMeans } from '../../lab/means.ts'
import { ResultsStore } from '../../lab/results.ts'
import { jobsBytes, jobText, summaryBytes } from '../../lib/chunk.ts'
import { encode } from '../../lib/values.ts'
import { leafOf } from '../../runners/protocol.ts'
import { chunkDone, plannedRun, temporaryLab } from './run.ts'

/** Means of a run of five points with four repetitions in chunks of two, when these chunks are there. */
function meansOf(
  t: TestContext,
  chunks: readonly ReturnType<typeof chunkDone>[],
  sample?: number[],
): PointMeans[] {
  const rerun = sample === undefined ? undefined : { run: 'r', root: '', sample, entropy: null }
  const store = ResultsStore.open(plannedRun(temporaryLab(t), rerun === undefined ? {} : { rerun }))
  try {
    store.add(chunks)
    return [...pointMeans(store)]
  } finally {
    store.close()
  }
}

const bytesDone = (chunk: number, bytes: Uint8Array, failed: number) =>
  chunkDone(chunk, [], { bytes, leaf: leafOf(bytes), failed })

test('should tell of every point how much is there, and the mean of that', (t) => {
  const means = meansOf(t, [
    chunkDone(0, [
      { x: 1, on: true, deep: { y: -1 } },
      { x: 2, on: false, deep: { y: 1 } },
    ]),
    chunkDone(1, [
      { x: 3, on: true, text: 'a', big: 2n },
      { x: 6, on: true, list: [1] },
    ]),
    chunkDone(5, [{ x: Number.NaN }, { x: 1 }]),
  ])
  assert.deepEqual(
    means.map(({ point, jobs, of, failed }) => [point.a, jobs, of, failed]),
    [
      [0, 4, 4, 0],
      [1, 0, 4, 0],
      [2, 2, 4, 0],
      [3, 0, 4, 0],
      [4, 0, 4, 0],
    ],
  )
  assert.deepEqual(means[0]!.means, {
    x: { count: 4, mean: 3, standardError: Math.sqrt(14 / 3 / 4) },
    on: { count: 4, mean: 0.75, standardError: 0.25 },
    'deep.y': { count: 2, mean: 0, standardError: 1 },
    big: { count: 1, mean: 2, standardError: null },
  })
  assert.deepEqual(means[1]!.means, {})
  assert.deepEqual(means[2]!.means, { x: { count: 2, mean: Number.NaN, standardError: Number.NaN } })
})

test('should count failed jobs, and take nothing from them', (t) => {
  const error = { name: 'Error', message: 'x' }
  const bytes = jobsBytes(2, [jobText({ error }), jobText({ result: encode(4) })])
  const [, one] = meansOf(t, [bytesDone(2, bytes, 1)])
  assert.deepEqual(
    [one!.jobs, one!.failed, one!.means],
    [2, 1, { result: { count: 1, mean: 4, standardError: null } }],
  )
})

test('should take summaries of chunks as they are, and count their jobs', (t) => {
  const failed = [{ job: 1, error: { name: 'Error', message: 'x' } }]
  const [first] = meansOf(t, [
    bytesDone(0, summaryBytes(0, encode({ sum: 3 }), failed), 1),
    bytesDone(1, summaryBytes(1, encode({ sum: 5 }), []), 0),
  ])
  assert.deepEqual(
    [first!.jobs, first!.of, first!.failed, first!.means],
    [4, 4, 1, { sum: { count: 2, mean: 4, standardError: 1 } }],
  )
})

test('should name of an audit the points that its sample has chunks of', (t) => {
  const means = meansOf(t, [chunkDone(9, [1, 3])], [2, 8, 9])
  assert.deepEqual(
    means.map(({ point, jobs, of }) => [point.a, jobs, of]),
    [
      [1, 0, 2],
      [4, 2, 4],
    ],
  )
})

test('should find every figure a column of its own', () => {
  const moments = { count: 2, mean: 1, standardError: 0.5 }
  const flat = flattenMeans({
    point: { jobs: 7, 'x.mean': 8 },
    jobs: 2,
    of: 4,
    failed: 0,
    means: { x: moments },
  })
  assert.deepEqual(flat, {
    'point.jobs': 7,
    'x.mean': 8,
    jobs: 2,
    of: 4,
    failed: 0,
    'result.x.n': 2,
    'result.x.mean': 1,
    'result.x.se': 0.5,
  })
})
