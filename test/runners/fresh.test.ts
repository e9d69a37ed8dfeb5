/** Chunks that were executed before go to engines of another environment, as long as there may be any. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askerOf, FreshChunks } from '../../runners/fresh.ts'

const ALL = [0, 1, 2, 3, 4, 5]
/** Even chunks were executed in A, odd ones in B. */
const executedIn = (chunk: number) => (chunk % 2 === 0 ? 'A' : 'B')

function drain(chunks: FreshChunks, environment: string, others: boolean): number[] {
  const drained: number[] = []
  for (;;) {
    const chunk = chunks.next({ environment, others })
    if (chunk === undefined) return drained
    drained.push(chunk)
  }
}

test('should hand out chunks in order where it does not matter where they were executed', () => {
  assert.deepEqual(drain(new FreshChunks(ALL), 'A', true), ALL)
  const chunks = new FreshChunks(ALL)
  assert.deepEqual([chunks.next(null), chunks.next({ environment: 'A', others: true })], [0, 1])
})

test('should keep from an engine what its like has executed', () => {
  const chunks = new FreshChunks(ALL, executedIn)
  assert.deepEqual(drain(chunks, 'A', true), [1, 3, 5])
  assert.deepEqual(drain(chunks, 'A', true), [], 'the others wait for another')
  assert.deepEqual(drain(chunks, 'B', true), [0, 2, 4])
  assert.deepEqual(drain(chunks, 'B', false), [])
})

test('should give everything to whoever is there when there is no other', () => {
  const chunks = new FreshChunks(ALL, executedIn)
  assert.deepEqual(drain(chunks, 'A', false), [1, 3, 5, 0, 2, 4])
})

test('should give what it kept to the first that is left when the other is gone', () => {
  const chunks = new FreshChunks(ALL, () => 'A')
  assert.deepEqual(drain(chunks, 'A', true), [])
  assert.deepEqual(drain(chunks, 'A', false), ALL)
})

test('should keep a bounded number, read lazily', () => {
  let read = 0
  function* many() {
    for (; read < 50_000; ) yield read++
  }
  const chunks = new FreshChunks(many(), () => 'A')
  assert.equal(chunks.next({ environment: 'A', others: true }), 0, 'more than it keeps go to whoever asks')
  assert.equal(read, 10_000)
  const rest = drain(chunks, 'A', false)
  assert.equal(rest.length, 49_999)
  assert.equal(new Set(rest).size, 49_999)
})

test('should give chunks of an unknown environment to anybody', () => {
  assert.deepEqual(drain(new FreshChunks(ALL, () => null), 'A', true), ALL)
})

test('should know of others only while one is of another environment, or has not said', () => {
  const [a, b, silent] = [{ environment: 'A' }, { environment: 'B' }, { environment: null }]
  assert.deepEqual(askerOf(a, [a, a]), { environment: 'A', others: false })
  assert.deepEqual(askerOf(a, [a, b]), { environment: 'A', others: true })
  assert.deepEqual(askerOf(a, [a, silent]), { environment: 'A', others: true })
  assert.equal(askerOf(silent, [a, b]), null)
})
