/** What a part may say: of the chunks of its task alone, with bytes that can be theirs. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { checkPart } from '../../../runners/array/part-check.ts'
import { rangesOf } from '../../../runners/detached/submission.ts'
import type { Told } from '../../../runners/detached/told.ts'

const bytesOf = (chunk: number) => Buffer.from(`{"chunk":${chunk},"jobs":[{"result":1}]}`)

function done(chunk: number, bytes: Uint8Array, failed = 0): Told {
  return { type: 'chunk', done: { chunk, bytes, leaf: '', failed, ms: 1, engine: 1, stacks: [] } }
}

function check(...told: Told[]): void {
  checkPart('parts/1/0.aa.000000.x', told, [[3, 5]], (engine) => engine === 1)
}

test('should take chunks of its task, and give them up', () => {
  check(done(3, bytesOf(3)), { type: 'set-aside', chunk: 5, reason: 'it kills engines' })
})

test('should refuse what is no chunk of its task, and bytes that are not of their place', () => {
  assert.throws(() => check(done(6, bytesOf(6))), /was not asked for/)
  assert.throws(() => check({ type: 'set-aside', chunk: 2, reason: '' }), /was not asked for/)
  assert.throws(() => check(done(3, bytesOf(4))), /not the bytes of chunk 3/)
  assert.throws(() => check(done(3, bytesOf(3), 1)), /not the bytes of chunk 3/)
})

test('should know the chunks of a batch of many ranges, in any order', () => {
  const property = fc.property(fc.uniqueArray(fc.nat(60), { minLength: 1 }), fc.nat(61), (chunks, chunk) => {
    const batch = rangesOf(chunks)
    const take = () => checkPart('key', [done(chunk, bytesOf(chunk))], batch, () => true)
    if (chunks.includes(chunk)) take()
    else assert.throws(take, /was not asked for/)
  })
  fc.assert(property, { seed: 7, numRuns: 500 })
})
