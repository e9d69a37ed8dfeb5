/** Chunks: every job in exactly one place, and bytes that can be read in one way. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { canonical } from '../../lib/canonical.ts'
import {
  type ChunkPlace,
  type ChunkRecord,
  chunkPlace,
  failedJobs,
  type JobRecord,
  jobsBytes,
  jobText,
  parseChunk,
  summaryBytes,
} from '../../lib/chunk.ts'
import { pointAt } from '../../lib/design.ts'
import { sha256, toHex, utf8 } from '../../lib/digest.ts'
import { chunkCount, type ExperimentDocument } from '../../lib/document.ts'
import { RepriseError } from '../../lib/errors.ts'
import { leafHash } from '../../lib/merkle.ts'
import { encode, type Value } from '../../lib/values.ts'
import { vectors } from '../golden/vectors.ts'
import { runs, text, value } from './arbitrary.ts'
import { refused } from './refusal.ts'

const place = (chunk: number, jobs: number): ChunkPlace => ({
  chunk,
  pointIndex: 0,
  point: {},
  first: 0,
  jobs,
})

/** Bytes of a record as an engine makes them: from texts and parts. */
function bytesOf(record: ChunkRecord): Uint8Array {
  if ('jobs' in record) return jobsBytes(record.chunk, record.jobs.map(jobText))
  return summaryBytes(record.chunk, record.summary, record.failed)
}

test('should not change its output except for a new format', () => {
  for (const { document, places } of vectors.experiments) {
    for (const expected of places) assert.deepEqual(chunkPlace(document, expected.chunk), expected)
  }
  for (const { record, text: expected, sha256: digest, leaf } of vectors.chunks) {
    const bytes = bytesOf(record as unknown as ChunkRecord)
    assert.equal(new TextDecoder().decode(bytes), expected)
    assert.equal(toHex(sha256(bytes)), digest)
    assert.equal(toHex(leafHash(bytes)), leaf)
    const jobs = Array.isArray(record.jobs) ? record.jobs.length : 50
    assert.deepEqual(parseChunk(bytes, place(Number(record.chunk), jobs)), record)
  }
})

test('should put every repetition of every point in exactly one chunk, in order', () => {
  const size = fc.integer({ min: 1, max: 40 })
  const property = fc.property(size, size, fc.integer({ min: 1, max: 5 }), (repetitions, chunk, values) => {
    const document: ExperimentDocument = {
      format: 'reprise/experiment/1',
      name: 'n',
      design: {
        product: [
          { name: 'a', values: Array.from({ length: values }, (_, i) => i) },
          { name: 'b', values: [0, 1] },
        ],
      },
      repetitions,
      chunk,
      random: 'tychei',
      seed: null,
    }
    const visited: string[] = []
    for (let i = 0; i < chunkCount(document); i++) {
      const found = chunkPlace(document, i)
      assert.equal(found.chunk, i)
      assert.deepEqual(found.point, pointAt(document.design, found.pointIndex))
      assert.ok(found.jobs >= 1 && found.jobs <= chunk)
      for (let j = 0; j < found.jobs; j++) visited.push(`${found.pointIndex}:${found.first + j}`)
    }
    const expected = Array.from({ length: 2 * values }, (_, p) =>
      Array.from({ length: repetitions }, (_, r) => `${p}:${r}`),
    )
    assert.deepEqual(visited, expected.flat())
    for (const odd of [-1, 0.5, chunkCount(document), Number.NaN])
      assert.throws(() => chunkPlace(document, odd), RangeError)
  })
  fc.assert(property, runs(150))
})

const error = fc.record({ name: text, message: text })
const job: fc.Arbitrary<JobRecord> = fc.oneof(
  value.map((v) => ({ result: encode(v) })),
  error.map((e) => ({ error: e })),
)
const records: fc.Arbitrary<ChunkRecord> = fc.oneof(
  fc.record({ chunk: fc.nat(), jobs: fc.array(job, { minLength: 1, maxLength: 5 }) }),
  fc.record({
    chunk: fc.nat(),
    summary: value.map((v) => encode(v)),
    failed: fc
      .uniqueArray(fc.record({ job: fc.nat({ max: 9 }), error }), { selector: (e) => e.job, maxLength: 4 })
      .map((list) => list.toSorted((a, b) => a.job - b.job)),
  }),
)

test('should put together exactly the canonical JSON of a record, and read it back', () => {
  const property = fc.property(records, (record) => {
    const bytes = bytesOf(record)
    const jobs = 'jobs' in record ? record.jobs.length : 10
    const whole = canonicalOf(record)
    assert.equal(new TextDecoder().decode(bytes), whole)
    const back = parseChunk(bytes, place(record.chunk, jobs))
    assert.equal(canonicalOf(back), whole)
    const failed =
      'jobs' in record ? record.jobs.filter((entry) => 'error' in entry).length : record.failed.length
    assert.equal(failedJobs(back), failed)
  })
  fc.assert(property, runs(300))
})

/** Canonical JSON of a record, written down independently of lib/. */
function canonicalOf(tree: unknown): string {
  if (typeof tree !== 'object' || tree === null) return JSON.stringify(tree)
  if (Array.isArray(tree)) return `[${tree.map(canonicalOf).join()}]`
  const entries = Object.entries(tree).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([name, item]) => `${JSON.stringify(name)}:${canonicalOf(item)}`).join()}}`
}

test('should refuse a changed byte or give another record that is well formed', () => {
  const property = fc.property(records, fc.uint8Array({ minLength: 4, maxLength: 4 }), (record, other) => {
    const bytes = bytesOf(record)
    const jobs = 'jobs' in record ? record.jobs.length : 10
    for (let at = 0; at < bytes.length; at++) {
      for (const byte of [...other, 0x22, 0x2c, 0x31, bytes[at]! ^ 1]) {
        if (byte === bytes[at]) continue
        const changed = bytes.with(at, byte)
        let found: ChunkRecord
        try {
          found = parseChunk(changed, place(record.chunk, jobs))
        } catch (thrown) {
          assert.ok(thrown instanceof RepriseError && thrown.code === 'not-intact', String(thrown))
          continue
        }
        assert.deepEqual(bytesOf(found), changed)
      }
    }
  })
  fc.assert(property, runs(40))
})

const REFUSED: Readonly<Record<string, string>> = {
  'another chunk': '{"chunk":8,"jobs":[{"result":1},{"result":2}]}',
  'a chunk as text': '{"chunk":"7","jobs":[{"result":1},{"result":2}]}',
  'a job too few': '{"chunk":7,"jobs":[{"result":1}]}',
  'a job too many': '{"chunk":7,"jobs":[{"result":1},{"result":2},{"result":3}]}',
  'jobs that are no list': '{"chunk":7,"jobs":{"0":1,"1":2}}',
  'another key': '{"chunk":7,"jobs":[{"result":1},{"result":2}],"note":1}',
  'no jobs': '{"chunk":7}',
  'a list': '[7]',
  null: 'null',
  'a job that is null': '{"chunk":7,"jobs":[{"result":1},null]}',
  'a job with both': '{"chunk":7,"jobs":[{"error":{"message":"","name":""},"result":1},{"result":2}]}',
  'a job with neither': '{"chunk":7,"jobs":[{"result":1},{}]}',
  'an error without name': '{"chunk":7,"jobs":[{"result":1},{"error":{"message":"x"}}]}',
  'an error with a stack': '{"chunk":7,"jobs":[{"result":1},{"error":{"message":"","name":"","stack":""}}]}',
  'an error with a number': '{"chunk":7,"jobs":[{"result":1},{"error":{"message":1,"name":"x"}}]}',
  'an unknown tag': '{"chunk":7,"jobs":[{"result":1},{"result":{"$date":"x"}}]}',
  'an unknown tag in a summary': '{"chunk":7,"failed":[],"summary":{"$date":"x"}}',
  'failed that is no list': '{"chunk":7,"failed":0,"summary":1}',
  'a failed job twice':
    '{"chunk":7,"failed":[{"error":{"message":"","name":""},"job":1},{"error":{"message":"","name":""},"job":1}],"summary":1}',
  'failed jobs out of order':
    '{"chunk":7,"failed":[{"error":{"message":"","name":""},"job":1},{"error":{"message":"","name":""},"job":0}],"summary":1}',
  'a failed job that is not there':
    '{"chunk":7,"failed":[{"error":{"message":"","name":""},"job":2}],"summary":1}',
  'a negative failed job': '{"chunk":7,"failed":[{"error":{"message":"","name":""},"job":-1}],"summary":1}',
  'a failed entry that is null': '{"chunk":7,"failed":[null],"summary":1}',
  'a failed entry with more':
    '{"chunk":7,"failed":[{"error":{"message":"","name":""},"job":1,"x":1}],"summary":1}',
}
for (const [name, odd] of Object.entries(REFUSED)) {
  test(`should refuse ${name} in the bytes of a chunk`, () => {
    refused(() => parseChunk(utf8(odd), place(7, 2)), 'not-intact')
  })
}

test('should write tagged values in results', () => {
  const result: Value = { b: [1n, -0], a: Float32Array.of(1) }
  assert.equal(jobText({ result: encode(result) }), `{"result":${canonical(result)}}`)
  assert.equal(
    jobText({ error: { name: 'Error', message: 'ü"' } }),
    '{"error":{"message":"ü\\"","name":"Error"}}',
  )
})
