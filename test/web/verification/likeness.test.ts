/** A browser's own words, names that it lacks and languages that it knows otherwise are not called divergent, nor ever identical. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jobsBytes, jobText, summaryBytes } from '../../../lib/chunk.ts'
import type { ExperimentDocument } from '../../../lib/document.ts'
import type { Json } from '../../../lib/values.ts'
import type { RunRecord } from '../../../provenance/manifest.ts'
import { type Likeness, likenessOf } from '../../../web/verification/likeness.ts'
import { counted, NOTHING, rerunVerdict } from '../../../web/verification/rerun-verdict.ts'

const document = {
  format: 'reprise/experiment/1',
  name: 'likeness',
  design: { points: [{ a: 1 }] },
  repetitions: 2,
  chunk: 2,
  random: 'xoshiro256**',
  seed: null,
} as unknown as ExperimentDocument
type Outcome = Json | Error
const failed = (error: Error) => ({ name: error.name, message: error.message })
const jobs = (...outcomes: readonly Outcome[]) =>
  jobsBytes(
    0,
    outcomes.map((one) => jobText(one instanceof Error ? { error: failed(one) } : { result: one })),
  )
const summary = (value: Json, ...errors: readonly Error[]) =>
  summaryBytes(
    0,
    value,
    errors.map((error, job) => ({ job, error: failed(error) })),
  )
const run = (record: object = {}) => ({ guard: 'record', touched: [], ...record }) as unknown as RunRecord
const of = (before: Uint8Array | null, actual: Uint8Array, record?: object): Likeness =>
  likenessOf(document, 0, before, actual, run(record))
const V8 = new TypeError("Cannot read properties of null (reading 'x')")
const FIREFOX = new TypeError('can\'t access property "x", null is null')
const BUFFER = new ReferenceError('Buffer is not defined')

test('should tell other words of the same errors from other results', () => {
  assert.deepEqual(of(jobs(1, V8), jobs(1, FIREFOX)), { kind: 'wording', errors: 1 })
  assert.deepEqual(of(summary(1, V8), summary(1, FIREFOX)), { kind: 'wording', errors: 1 })
  for (const [before, actual] of [
    [jobs(1, V8), jobs(2, FIREFOX)],
    [jobs(1, V8), jobs(1, 2)],
    [jobs(1, V8), jobs(1, new RangeError(V8.message))],
    [jobs(1, new Error('x = 1')), jobs(1, new Error('x = 2'))],
    [summary(1, V8), summary(2, FIREFOX)],
    [jobs(1, 2), new Uint8Array([1])],
  ] as const)
    assert.deepEqual(of(before, actual), { kind: 'divergent' })
})

test('should say that a chunk was not executed where its jobs ended at what only Node has', () => {
  const needed = { kind: 'needs-node', name: 'Buffer' }
  assert.deepEqual(of(jobs(1, 2), jobs(BUFFER, BUFFER)), needed)
  assert.deepEqual(of(jobs(1, V8), jobs(BUFFER, FIREFOX)), needed)
  assert.deepEqual(of(summary(1), summary(0, BUFFER)), needed)
  assert.deepEqual(of(null, jobs(1, BUFFER)), needed)
  assert.deepEqual(of(jobs(1, 2), jobs(BUFFER, 3)), { kind: 'divergent' }, 'another result beside it')
  const misspelt = new ReferenceError('Bufer is not defined')
  assert.deepEqual(of(jobs(1, 2), jobs(1, misspelt)), { kind: 'divergent' })
  assert.deepEqual(of(jobs(BUFFER, 2), jobs(BUFFER, 3)), { kind: 'divergent' })
})

test('should leave open what the language data of the browser, or words that are not here, may have done', () => {
  const touched = [
    { kind: 'locale', name: 'String.prototype.localeCompare', caller: 'run', place: 'a.ts:1:2' },
  ]
  const asked = of(jobs(1, 2), jobs(1, 3), { touched })
  assert.equal(asked.kind, 'unsettled')
  assert.match((asked as { why: string }).why, /calls String\.prototype\.localeCompare \(a\.ts:1:2\)/)
  assert.equal(of(jobs(1, 2), jobs(1, 3), { guard: undefined }).kind, 'unsettled')
  assert.equal(of(jobs(1, 2), jobs(1, 3), { touched: [{ ...touched[0], kind: 'clock' }] }).kind, 'divergent')
  assert.equal(of(null, jobs(1, FIREFOX)).kind, 'unsettled')
  assert.equal(of(null, jobs(1, 2)).kind, 'divergent')
})

test('should claim a bound for identical chunks alone', () => {
  const statement = (compared: number, differing: number) =>
    `${compared} compared, ${differing} differ: BOUND`
  const tally = (...kinds: readonly Likeness[]) => kinds.reduce(counted, NOTHING)
  const identical: Likeness = { kind: 'identical' }
  const divergent: Likeness = { kind: 'divergent' }
  const wording: Likeness = { kind: 'wording', errors: 7 }
  const needsNode: Likeness = { kind: 'needs-node', name: 'Buffer' }
  const unsettled: Likeness = { kind: 'unsettled', why: 'of it' }
  const verdict = (wanted: number, ...kinds: readonly Likeness[]) => {
    const { word, statement: said } = rerunVerdict(tally(...kinds), wanted, statement)
    return `${word}: ${said}`
  }
  assert.equal(verdict(2, identical, identical), 'identical: 2 compared, 0 differ: BOUND')
  assert.equal(verdict(3, identical, divergent), 'divergent: 2 compared, 1 differ: BOUND')
  assert.equal(verdict(3, identical), 'incomplete: 1 compared, 0 differ: BOUND')
  assert.match(
    verdict(2, identical, wording),
    /^identical but for words: 1 of 2 chunks identical; 1 identical but for the words in which this browser's engine tells 7 errors\. Nothing follows/,
  )
  assert.match(
    verdict(3, identical, needsNode),
    /^incomplete: 1 of 3 .*; 1 not executed: needs Node; 1 not executed\./,
  )
  assert.match(verdict(2, wording, unsettled), /^unsettled: 0 of 2 /)
  assert.match(verdict(2, unsettled, divergent), /^divergent: 0 of 2 chunks identical; 1 gave other bits;/)
  for (const kind of [wording, needsNode, unsettled])
    assert.doesNotMatch(verdict(2, identical, kind), /BOUND/)
})
