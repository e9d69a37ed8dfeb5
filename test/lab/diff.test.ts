/** Two runs compared: the counts of what differs, a tolerance, and statistics, each a verdict of its own (law 5). */
import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { test } from 'node:test'
import { Database } from '../../lab/database.ts'
import { type Diff, type DiffRequest, diffRuns } from '../../lab/diff.ts'
import type { Lab, RunFolder } from '../../lab/lab.ts'
import { ResultsStore } from '../../lab/results.ts'
import { seal } from '../../lab/seal.ts'
import { chunkPlace, jobsBytes, jobText, summaryBytes } from '../../lib/chunk.ts'
import { sha256, utf8 } from '../../lib/digest.ts'
import { chunkCount, type ExperimentDocument } from '../../lib/document.ts'
import { randomStream } from '../../lib/random.ts'
import { encode, type Value } from '../../lib/values.ts'
import { leafOf } from '../../runners/protocol.ts'
import { refused } from '../lib/refusal.ts'
import { documentOf, plannedRun, temporaryLab } from './run.ts'

const EPSILON = Number.EPSILON
const DOCUMENT = documentOf({ repetitions: 20, chunk: 5 }) // five points, twenty chunks
const ONLY_BITS: DiffRequest = { most: Number.POSITIVE_INFINITY, tolerance: null, level: null }

/** What a job gives; undefined is a failed one. */
type Jobs = (point: number, repetition: number) => Value | undefined

const plain: Jobs = (point, repetition) => ({ x: point + 1 + repetition / 8, list: [repetition, 2] })

/** A sealed run whose jobs gave this. */
function runOf(lab: Lab, jobs: Jobs, document: ExperimentDocument = DOCUMENT): RunFolder {
  const all = Array.from({ length: chunkCount(document) }, (_, chunk) => {
    const { pointIndex, first, jobs: n } = chunkPlace(document, chunk)
    const results = Array.from({ length: n }, (_, j) => jobs(pointIndex, first + j))
    const texts = results.map((result) =>
      jobText(result === undefined ? { error: { name: 'E', message: 'no' } } : { result: encode(result) }),
    )
    return done(chunk, jobsBytes(chunk, texts), results.filter((result) => result === undefined).length)
  })
  return sealed(lab, all, document)
}

function done(chunk: number, bytes: Uint8Array, failed = 0) {
  return { chunk, bytes, leaf: leafOf(bytes), failed, ms: 1, engine: 0, stacks: [] }
}

function sealed(
  lab: Lab,
  chunks: readonly ReturnType<typeof done>[],
  document: ExperimentDocument,
): RunFolder {
  const run = plannedRun(lab, { document })
  const store = ResultsStore.open(run)
  store.add(chunks)
  seal(run, store, store.plan())
  store.close()
  return run
}

const between = (lab: Lab, a: RunFolder, b: RunFolder, request: Partial<DiffRequest> = {}): Diff =>
  diffRuns(lab, a.id, b.id, { ...ONLY_BITS, ...request })

/** Normal numbers, always the same for the same words. */
function normals(words: string): () => number {
  const random = randomStream('alea', sha256(utf8(words)))
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** Jobs that give normal numbers of this shift and spread. */
function normalJobs(words: string, shift = 0, spread = 1): Jobs {
  const next = normals(words)
  return (point) => ({ y: point + shift + spread * next() })
}

test('should count what differs: chunks, jobs, values, by ulps and by field', (t) => {
  const lab = temporaryLab(t)
  const a = runOf(lab, plain)
  const b = runOf(lab, (point, repetition) =>
    point === 1 && repetition < 7
      ? { x: 2 + repetition / 8 + 4 * EPSILON, list: [repetition, repetition === 0 ? 9 : 2] }
      : plain(point, repetition),
  )
  const { results } = between(lab, a, b)
  assert.deepEqual(
    [results.chunksDiffering, results.chunks, results.failedJobs],
    [2, 20, { left: 0, right: 0 }],
  )
  assert.deepEqual(results.differing, [
    { chunk: 4, point: { a: 1 } },
    { chunk: 5, point: { a: 1 } },
  ])
  const { ulps, fields, ...counts } = results.values!
  assert.deepEqual(counts, {
    chunksRead: 2,
    chunksUnread: 0,
    jobsDiffering: 7,
    onlyLeft: 0,
    onlyRight: 0,
    compared: 30,
    differing: 8,
    numbers: 8,
    others: 0,
    elsewhere: 0,
  })
  assert.deepEqual(ulps.map(({ to, count }) => [to, count]).slice(0, 1), [[2, 7]])
  assert.equal(ulps.at(-1)?.count, 1)
  assert.deepEqual(
    fields.map(({ field, differing }) => [field, differing]),
    [
      ['result.x', 7],
      ['result.list[]', 1],
    ],
  )
  assert.deepEqual([results.first?.chunk, results.first?.path], [4, 'result.list[1]'])
})

test('should count results that only one side has apart from values', (t) => {
  const lab = temporaryLab(t)
  const a = runOf(lab, (point, repetition) => (repetition === 3 ? undefined : plain(point, repetition)))
  const b = runOf(lab, (point, repetition) => (repetition < 2 ? undefined : plain(point, repetition)))
  const { results, tolerance } = between(lab, a, b, { tolerance: { relative: 1, absolute: 1 } })
  assert.deepEqual(results.failedJobs, { left: 5, right: 10 })
  const { onlyLeft, onlyRight, differing, jobsDiffering } = results.values!
  assert.deepEqual([onlyLeft, onlyRight, differing, jobsDiffering], [10, 5, 0, 15])
  assert.deepEqual([tolerance?.within, tolerance?.outside], [false, 15])
})

test('should read no more chunks than asked, and say so', (t) => {
  const lab = temporaryLab(t)
  const [a, b] = [runOf(lab, plain), runOf(lab, () => ({ x: 0.5, list: [] }))]
  const { results, tolerance } = between(lab, a, b, { most: 3, tolerance: { relative: 9, absolute: 1e9 } })
  assert.deepEqual(
    [results.chunksDiffering, results.values?.chunksRead, results.values?.chunksUnread],
    [20, 3, 17],
  )
  assert.equal(tolerance?.within, false, 'one value outside decides, however much is not read')
  const near = runOf(lab, (point, repetition) => ({ ...(plain(point, repetition) as object), x: point + 1 }))
  const undecided = between(lab, a, near, { most: 3, tolerance: { relative: 9, absolute: 1e9 } }).tolerance
  assert.equal(undecided?.within, null)
  assert.match(undecided!.statement, /not decided: \d+ of the chunks/)
})

test('should judge within a tolerance beside the bits, never in their place', (t) => {
  const lab = temporaryLab(t)
  const a = runOf(lab, plain)
  const b = runOf(lab, (point, repetition) => ({
    ...(plain(point, repetition) as object),
    x: (point + 1 + repetition / 8) * (1 + 1e-10 * (point === 3 && repetition === 9 ? 3 : 1)),
  }))
  const judged = (relative: number, absolute = 0) => between(lab, a, b, { tolerance: { relative, absolute } })
  const { identical, tolerance } = judged(1e-9)
  assert.deepEqual(
    [identical, tolerance?.within, tolerance?.outside, tolerance?.unbridged],
    [false, true, 0, null],
  )
  const { largest } = tolerance!
  assert.deepEqual([largest?.point, largest?.repetition, largest?.path], [{ a: 3 }, 9, 'result.x'])
  assert.ok(Math.abs(largest!.relative - 3e-10) < 1e-14)
  assert.deepEqual([judged(2e-10).tolerance?.within, judged(2e-10).tolerance?.outside], [false, 1])
  assert.equal(judged(2e-10, 1).tolerance?.within, true)
  const same = between(lab, a, a, { tolerance: { relative: 1e-9, absolute: 0 } })
  assert.deepEqual([same.identical, same.tolerance?.within, same.tolerance?.largest], [true, true, null])
})

test('should bridge nothing but finite numbers', (t) => {
  const lab = temporaryLab(t)
  const a = runOf(lab, () => ({ x: 0 }))
  for (const x of [-0, Number.NaN, '0', 0n, null]) {
    const b = runOf(lab, (point, repetition) => ({ x: point === 2 && repetition === 6 ? x : 0 }))
    const { tolerance } = between(lab, a, b, { tolerance: { relative: 1, absolute: 1e9 } })
    assert.deepEqual([tolerance?.within, tolerance?.outside], [false, 1], String(x))
    assert.deepEqual([tolerance?.unbridged?.chunk, tolerance?.unbridged?.repetition], [9, 6])
  }
})

test('should hold stored bytes against the manifest before it says anything of them', (t) => {
  const lab = temporaryLab(t)
  const [a, b] = [runOf(lab, plain), runOf(lab, () => ({ x: 1 }))]
  const database = new Database(b.results)
  database
    .prepare('UPDATE chunks SET bytes = (SELECT bytes FROM chunks WHERE chunk = 1) WHERE chunk = 0')
    .run()
  database.close()
  refused(() => between(lab, a, b), 'not-intact', { says: /stored bytes/ })
})

test('should find samples of one question consistent, and another answer inconsistent', (t) => {
  const lab = temporaryLab(t)
  const [other, third] = ['other', 'third'].map((seed) => documentOf({ repetitions: 30, chunk: 7, seed }))
  const a = runOf(lab, normalJobs('a'))
  const judged = (b: RunFolder) => between(lab, a, b, { level: 0.01 }).statistics!
  const same = judged(runOf(lab, normalJobs('b'), other))
  assert.deepEqual([same.verdict, same.paired, same.tests, same.found], ['consistent', false, 10, 0])
  assert.deepEqual(
    [same.points, same.repetitions],
    [
      { compared: 5, onlyLeft: 0, onlyRight: 0 },
      { left: 20, right: 30 },
    ],
  )
  assert.ok(same.visibleShift! > 0.5 && same.visibleShift! < 2)
  assert.match(same.notes.join(), /does not show that there is none/)
  const shifted = judged(runOf(lab, normalJobs('c', 3), third))
  assert.equal(shifted.verdict, 'inconsistent')
  assert.ok(shifted.found >= 5)
  const [first] = shifted.smallest
  assert.ok(first!.p <= first!.corrected && first!.corrected < 1e-4)
  assert.equal(first?.field, 'result.y')
  const wider = judged(
    runOf(lab, normalJobs('d', 0, 40), documentOf({ repetitions: 60, chunk: 20, seed: 'wide' })),
  )
  assert.deepEqual([wider.verdict, wider.smallest[0]?.test], ['inconsistent', 'smirnov'])
})

test('should take the jobs of one experiment for pairs', (t) => {
  const lab = temporaryLab(t)
  const a = runOf(lab, normalJobs('a'))
  const leaning = runOf(lab, normalJobs('a', 1e-9))
  const { statistics, identical } = between(lab, a, leaning, { level: 0.01 })
  assert.deepEqual([identical, statistics?.paired, statistics?.verdict], [false, true, 'inconsistent'])
  assert.ok(Math.abs(statistics!.smallest[0]!.largest! - 1e-9) < 1e-12)
  const noise = normals('noise')
  const base = normalJobs('a')
  const noisy = runOf(lab, (point, repetition) => ({
    y: (base(point, repetition) as { y: number }).y + 1e-9 * noise(),
  }))
  assert.equal(between(lab, a, noisy, { level: 0.01 }).statistics?.verdict, 'consistent')
  const itself = between(lab, a, a, { level: 0.01 }).statistics!
  assert.deepEqual(
    [itself.verdict, itself.tests, itself.statement],
    ['consistent', 0, 'no value that can be tested differs'],
  )
})

test('should not call consistent what it could not have found otherwise', (t) => {
  const lab = temporaryLab(t)
  const few = (seed: string) => documentOf({ repetitions: 3, chunk: 3, seed })
  const a = runOf(lab, normalJobs('a'), few('a'))
  const far = between(lab, a, runOf(lab, normalJobs('b', 100), few('b')), { level: 0.01 }).statistics!
  assert.deepEqual([far.verdict, far.found], ['undecided', 0])
  assert.match(far.statement, /so few repetitions/)
  const elsewhere = documentOf({ design: { product: [{ name: 'b', values: [1, 2] }] } })
  const apart = between(lab, a, runOf(lab, normalJobs('c'), elsewhere), { level: 0.01 }).statistics!
  assert.deepEqual([apart.verdict, apart.points.compared], ['undecided', 0])
  assert.match(apart.statement, /no point/)
  const gone = runOf(lab, normalJobs('d'), few('d'))
  rmSync(gone.results)
  const missing = between(lab, a, gone, { level: 0.01 }).statistics!
  assert.deepEqual([missing.verdict, missing.tests], ['undecided', 0])
  assert.match(missing.statement, /neither in this lab nor in a bundle/)
})

test('should compare failures and what varies with a factor left out', (t) => {
  const lab = temporaryLab(t)
  const with_ = (nodes: number) =>
    documentOf({
      repetitions: 40,
      chunk: 20,
      design: {
        product: [
          { name: 'a', values: [0, 1] },
          { name: 'nodes', values: [nodes] },
        ],
      },
    })
  const a = runOf(lab, () => 1, with_(100))
  const b = runOf(lab, (point, repetition) => (point === 1 && repetition < 20 ? undefined : 1), with_(200))
  const found = between(lab, a, b, { level: 0.01 }).statistics!
  assert.deepEqual([found.verdict, found.tests, found.ignored], ['inconsistent', 1, ['nodes']])
  const { field, test: name, left, right } = found.smallest[0]!
  assert.deepEqual([field, name, left.share, right.share], ['failed', 'fisher', 0, 0.5])
})

test('should compare summaries of chunks of one size only', (t) => {
  const lab = temporaryLab(t)
  const summed = (seed: string, chunk: number, shift: number) => {
    const document = documentOf({ seed, repetitions: 40 * chunk, chunk })
    const next = normals(seed)
    const chunks = Array.from({ length: chunkCount(document) }, (_, i) =>
      done(i, summaryBytes(i, encode({ mean: next() + shift }), [])),
    )
    return sealed(lab, chunks, document)
  }
  const judged = (a: RunFolder, b: RunFolder) => between(lab, a, b, { level: 0.01 }).statistics!
  const a = summed('a', 4, 0)
  const same = judged(a, summed('b', 4, 0))
  assert.deepEqual([same.verdict, same.tests], ['consistent', 10])
  assert.equal(judged(a, summed('c', 4, 5)).smallest[0]?.field, 'summary.mean')
  const other = judged(a, summed('d', 2, 5))
  assert.deepEqual([other.verdict, other.tests], ['undecided', 0])
  assert.match(other.untested[0]!.why, /different sizes/)
})

test('should not call consistent what differs in every job and cannot be tested', (t) => {
  const lab = temporaryLab(t)
  const judged = (a: Value, b: Value) =>
    between(lab, runOf(lab, () => a), runOf(lab, () => b), { level: 0.01 }).statistics! // biome-ignore format: short
  const texts = judged({ x: 'a' }, { x: 'b' })
  assert.deepEqual([texts.verdict, texts.statement], ['undecided', '1 field that cannot be tested differs'])
  assert.equal(judged({ x: 1, y: 1 }, { x: 'b', y: 1 }).verdict, 'undecided')
  const wide = (last: number) => Array.from({ length: 300 }, (_, i) => (i === 299 ? last : i))
  assert.equal(judged(wide(0), wide(1)).verdict, 'undecided')
  assert.equal(judged(wide(0), wide(0)).verdict, 'consistent')
  assert.equal(judged({ x: 2n ** 60n }, { x: 2n ** 60n + 1n }).verdict, 'inconsistent')
})

test('should say that there may be more findings than are kept', (t) => {
  const lab = temporaryLab(t)
  const wide = (from: number) => Array.from({ length: 150 }, (_, i) => i + from)
  const [a, b] = [0, 1].map((from) => runOf(lab, () => wide(from)))
  const few = between(lab, a!, b!, { level: 0.05 }).statistics!
  assert.deepEqual([few.foundIsLeast, few.found, few.tests], [false, 750, 750])
  const more = (from: number) => runOf(lab, () => ({ a: wide(from), b: wide(from).slice(0, 50), c: wide(from).slice(0, 40) })) // biome-ignore format: short
  const many = between(lab, more(0), more(1), { level: 0.05 }).statistics!
  assert.deepEqual([many.foundIsLeast, many.found, many.tests], [false, 1000, 1000])
})
