/** The journal: whole records or none, whatever byte a crash or a disk stopped at; and what others wrote is refused when it lies. */
import assert from 'node:assert/strict'
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { RepriseError } from '../../../lib/errors.ts'
import { Journal, readSegment, segmentPath, segmentsIn } from '../../../runners/detached/journal.ts'
import { encodeRecord, RecordReader } from '../../../runners/detached/record.ts'
import { readTold } from '../../../runners/detached/told.ts'
import { leafOf } from '../../../runners/protocol.ts'
import { Workshop } from '../../conformance/workshop.ts'
import { eventually, folderIn } from './site.ts'

const workshop = new Workshop()
after(() => workshop.close())

const bytesOf = (chunk: number) => Buffer.from(`{"chunk":${chunk}}`)
const chunk = (n: number) => ({
  type: 'chunk',
  chunk: n,
  failed: 0,
  ms: 1,
  engine: 1,
  stacks: [],
  leaf: leafOf(bytesOf(n)),
})

function written(count: number): string {
  const folder = folderIn(workshop)
  const journal = new Journal(folder, 1, { durable: () => {}, failed: assert.fail })
  for (let n = 0; n < count; n++) journal.add(chunk(n), bytesOf(n))
  journal.close()
  return folder
}

function chunksIn(folder: string, from = 0): { found: number[]; end: number } {
  const found: number[] = []
  const end = readSegment(folder, 1, from, (record) => {
    const told = readTold(record)
    if (told?.type === 'chunk') found.push(told.done.chunk)
    return true
  })
  return { found, end }
}

test('should read back what was written, from any record on', () => {
  const folder = written(5)
  const { found, end } = chunksIn(folder)
  assert.deepEqual(found, [0, 1, 2, 3, 4])
  assert.equal(end, readFileSync(segmentPath(folder, 1)).length)
  const second = encodeRecord(chunk(0), bytesOf(0)).length
  assert.deepEqual(chunksIn(folder, second).found, [1, 2, 3, 4])
  assert.deepEqual(chunksIn(folder, end), { found: [], end })
  assert.deepEqual(chunksIn(folder, end + 1000), { found: [], end: end + 1000 }) // a disk forgot what was sent
})

test('should end a segment where it was torn, at whatever byte', () => {
  const whole = readFileSync(segmentPath(written(3), 1))
  const one = encodeRecord(chunk(0), bytesOf(0)).length
  for (let length = 0; length <= whole.length; length++) {
    const folder = folderIn(workshop)
    writeFileSync(segmentPath(folder, 1), whole)
    truncateSync(segmentPath(folder, 1), length)
    const records = Math.floor(length / one)
    const expected = { found: Array.from({ length: records }, (_, i) => i), end: records * one }
    assert.deepEqual(chunksIn(folder), expected, `torn at ${length}`)
    appendFileSync(segmentPath(folder, 1), Buffer.alloc(300)) // a file that grew, and whose content did not come
    assert.deepEqual(chunksIn(folder), expected, `torn at ${length}, with zeros`)
  }
})

test('should end a segment at the first byte that was changed', () => {
  const whole = readFileSync(segmentPath(written(2), 1))
  const one = whole.length / 2
  const folder = folderIn(workshop)
  for (let at = 0; at < whole.length; at++) {
    const flipped = Buffer.from(whole)
    flipped[at]! ^= 1
    writeFileSync(segmentPath(folder, 1), flipped)
    assert.deepEqual(chunksIn(folder).found, at < one ? [] : [0], `changed at ${at}`)
  }
})

test('should tell what is durable only after it is, gathered, and in order', async () => {
  const folder = folderIn(workshop)
  const told: object[] = []
  const sizes: number[] = []
  const journal = new Journal(folder, 7, {
    durable(headers) {
      told.push(...headers)
      sizes.push(readFileSync(segmentPath(folder, 7)).length)
    },
    failed: assert.fail,
  })
  journal.add(chunk(1), bytesOf(1))
  journal.add(chunk(2), bytesOf(2))
  assert.deepEqual(told, [], 'not yet')
  await eventually('both are durable', () => told.length === 2)
  assert.deepEqual(told, [chunk(1), chunk(2)])
  assert.deepEqual(sizes, [2 * encodeRecord(chunk(1), bytesOf(1)).length])
  journal.close()
  assert.deepEqual(segmentsIn(folder), [7])
  const again = () => new Journal(folder, 7, { durable: () => {}, failed: assert.fail })
  assert.throws(again, (error) => error instanceof RepriseError && error.code === 'storage')
})

test('should refuse records from elsewhere that are not what they say', () => {
  const good = encodeRecord(chunk(0), bytesOf(0))
  const read = (bytes: Buffer) => new RecordReader((record) => void readTold(record)).push(bytes)
  read(good)
  const [huge, long] = [`R ffffffff 00000000 ${'0'.repeat(64)}\n`, `R 00000002 ffffffff ${'0'.repeat(64)}\n`]
  for (const [bytes, words] of [
    [Buffer.from(huge), /has a record of 4294967295 bytes/],
    [Buffer.from(long), /has a record of \d+ bytes/],
    [Buffer.from('x'.repeat(85)), /no record/],
    [Buffer.concat([good.subarray(0, -1), Buffer.from('x')]), /not the one of its digest/],
    [encodeRecord(chunk(0), bytesOf(1)), /not the one of its leaf hash/],
    [encodeRecord({ ...chunk(0), chunk: -1 }, bytesOf(0)), /malformed/],
    [encodeRecord({ ...chunk(0), chunk: 0.5 }, bytesOf(0)), /malformed/],
    [encodeRecord({ ...chunk(0), stacks: [{ job: 0 }] }, bytesOf(0)), /malformed/],
    [encodeRecord({ type: 'log', engine: 1, chunk: 0, job: 0, stream: 'x', text: '' }), /malformed/],
    [encodeRecord({ type: 'ended', state: 'sealed', time: '', code: null, reason: null }), /malformed/],
    [encodeRecord([]), /malformed/],
  ] as const)
    assert.throws(
      () => read(bytes),
      (error) => error instanceof RepriseError && error.code === 'not-intact' && words.test(error.message),
    )
})
