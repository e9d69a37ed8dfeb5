/** Verdicts: what a comparison says, and what it does not. Law 5. */
import assert from 'node:assert/strict'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { diffRuns } from '../../lab/diff.ts'
import type { Lab, RunFolder } from '../../lab/lab.ts'
import type { RerunPlan } from '../../lab/plan.ts'
import { ResultsStore } from '../../lab/results.ts'
import { seal } from '../../lab/seal.ts'
import { compareRerun, type Verdict } from '../../lab/verdict.ts'
import { parseManifest } from '../../provenance/read-manifest.ts'
import type { ChunkDone } from '../../runners/runner.ts'
import { refused } from '../lib/refusal.ts'
import { allChunks, chunkDone, documentOf, plannedRun, temporaryLab } from './run.ts'

const DOCUMENT = documentOf({ repetitions: 40 }) // a hundred chunks
const CHUNKS = allChunks(DOCUMENT, 100)

function sealedRun(lab: Lab, chunks: readonly ChunkDone[] = CHUNKS, document = DOCUMENT): RunFolder {
  const run = plannedRun(lab, { document })
  const store = ResultsStore.open(run)
  store.add(chunks)
  seal(run, store, store.plan())
  store.close()
  return run
}

/** The verdict on a rerun of `original` that gave these chunks. */
function verdictOn(
  lab: Lab,
  original: RunFolder,
  chunks: readonly ChunkDone[],
  sample: number[] | null = null,
): Verdict {
  const { results } = parseManifest(readFileSync(original.manifest))
  const rerun: RerunPlan = { ...({ run: original.id, root: results.root, sample } as RerunPlan) }
  const run = plannedRun(lab, { document: DOCUMENT, rerun })
  copyFileSync(original.manifest, run.original)
  const store = ResultsStore.open(run)
  store.add(chunks)
  if (sample === null && chunks.length === 100) seal(run, store, store.plan())
  store.close()
  return compareRerun(lab, run)
}

function changedAt(...places: readonly number[]): ChunkDone[] {
  return CHUNKS.map((chunk) =>
    places.includes(chunk.chunk) ? chunkDone(chunk.chunk, [{ point: 0.5, repetition: 0 }, 1]) : chunk,
  )
}

test('should say identical of every chunk, bit for bit', (t) => {
  const lab = temporaryLab(t)
  const original = sealedRun(lab)
  const verdict = verdictOn(lab, original, CHUNKS)
  assert.deepEqual(
    [verdict.verdict, verdict.chunksCompared, verdict.divergentChunks, verdict.root === verdict.expectedRoot],
    ['identical', 100, 0, true],
  )
  assert.equal(verdict.statement, '100 of 100 identical: every chunk of the run, bit for bit')
})

test('should say of a clean sample how many may still differ, and the chance to find a single chunk', (t) => {
  const lab = temporaryLab(t)
  const original = sealedRun(lab)
  for (const [k, bound] of [
    [1, 95],
    [3, 62],
    [50, 4],
  ] as const) {
    const sample = Array.from({ length: k }, (_, i) => 2 * i)
    const verdict = verdictOn(
      lab,
      original,
      CHUNKS.filter(({ chunk }) => sample.includes(chunk)),
      sample,
    )
    assert.deepEqual([verdict.verdict, verdict.root, verdict.chunksCompared], ['identical', null, k])
    assert.equal(
      verdict.statement,
      `${k} of ${k} identical: with 95 % confidence at most ${bound} of the 100 chunks differ (a single differing chunk is found with chance ${k}/100)`,
    )
  }
})

test('should say divergent as soon as one bit differs, even where chunks are missing', (t) => {
  const lab = temporaryLab(t)
  const original = sealedRun(lab)
  const all = verdictOn(lab, original, changedAt(7))
  assert.deepEqual([all.verdict, all.divergentChunks, all.chunksCompared], ['divergent', 1, 100])
  assert.equal(all.statement, '99 of 100 identical: 1 chunk gave other bits')
  assert.notEqual(all.root, all.expectedRoot)
  const [{ chunk, path, expected, actual, ulps } = {} as never] = all.divergent
  assert.deepEqual([chunk, path, expected, actual], [7, 'result.point', 0, 0.5])
  assert.ok(ulps !== null && ulps > 0)
  const partial = verdictOn(lab, original, changedAt(7, 8).slice(0, 20))
  assert.deepEqual(
    [partial.verdict, partial.divergentChunks, partial.chunksCompared, partial.root],
    ['divergent', 2, 20, null],
  )
  const sampled = verdictOn(lab, original, changedAt(7).slice(6, 9), [6, 7, 8])
  assert.equal(sampled.statement, '2 of 3 identical: 1 chunk gave other bits')
})

test('should say incomplete of what could not be executed, and nothing of those', (t) => {
  const lab = temporaryLab(t)
  const verdict = verdictOn(lab, sealedRun(lab), CHUNKS.slice(0, 99))
  assert.deepEqual([verdict.verdict, verdict.root], ['incomplete', null])
  assert.equal(verdict.statement, '99 of 99 identical, 1 was not executed: nothing is said of those')
  assert.equal(verdictOn(lab, sealedRun(lab), []).verdict, 'incomplete')
  assert.equal(verdictOn(lab, sealedRun(lab), CHUNKS.slice(0, 2), [0, 1, 2]).verdict, 'incomplete')
})

test('should count every divergent chunk and explain the first hundred', (t) => {
  const lab = temporaryLab(t)
  const document = documentOf({ repetitions: 60 })
  const original = sealedRun(lab, allChunks(document, 150), document)
  const { results } = parseManifest(readFileSync(original.manifest))
  const run = plannedRun(lab, {
    document,
    rerun: { run: original.id, root: results.root, sample: null } as RerunPlan,
  })
  copyFileSync(original.manifest, run.original)
  const store = ResultsStore.open(run)
  store.add(Array.from({ length: 150 }, (_, chunk) => chunkDone(chunk, ['x', 'y'])))
  store.close()
  const verdict = compareRerun(lab, run)
  assert.deepEqual([verdict.divergentChunks, verdict.divergent.length], [150, 100])
})

test('should believe the manifest, not results that were changed since', (t) => {
  const lab = temporaryLab(t)
  const original = sealedRun(lab)
  writeFileSync(original.results, 'gone')
  const [divergence] = verdictOn(lab, original, changedAt(7)).divergent
  assert.deepEqual([divergence?.chunk, divergence?.path], [7, null], 'only the place is known')
})

test('should hold two runs against each other: asked, code, results', (t) => {
  const lab = temporaryLab(t)
  const [a, b] = [sealedRun(lab), sealedRun(lab, changedAt(3, 5))]
  const same = diffRuns(lab, a.id, a.id)
  assert.deepEqual([same.identical, same.asked, same.code, same.results.chunksDiffering], [true, [], [], 0])
  const diff = diffRuns(lab, a.id, b.id)
  assert.deepEqual([diff.identical, diff.results.chunksDiffering, diff.results.chunks], [false, 2, 100])
  assert.deepEqual([diff.results.first?.chunk, diff.results.first?.path], [3, 'result.point'])
  const other = sealedRun(lab, allChunks(documentOf(), 10), documentOf())
  const unlike = diffRuns(lab, a.id, other.id)
  assert.deepEqual(
    [unlike.identical, unlike.results.chunksDiffering, unlike.results.first],
    [false, null, null],
  )
  assert.deepEqual(
    unlike.asked.map(({ what }) => what),
    ['repetitions', 'hash'],
  )
  refused(() => diffRuns(lab, a.id, plannedRun(lab).id), 'incomplete')
})
