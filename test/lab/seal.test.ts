/** The seal: leaves computed anew from disk, the root over them, the manifest from the record, and it can be redone. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { test } from 'node:test'
import { DatabaseSync } from '@photostructure/sqlite'
import type { RunFolder } from '../../lab/lab.ts'
import { ResultsStore } from '../../lab/results.ts'
import { seal } from '../../lab/seal.ts'
import { runState } from '../../lab/state.ts'
import { fromHex, toHex } from '../../lib/digest.ts'
import { merkleRoot } from '../../lib/merkle.ts'
import { verifyManifest } from '../../provenance/verify.ts'
import { isRefusal, refused } from '../lib/refusal.ts'
import { allChunks, documentOf, plannedRun, temporaryLab } from './run.ts'

const CHUNKS = allChunks(documentOf(), 10)

/** Opens, adds, seals. */
function sealRun(run: RunFolder, chunks = CHUNKS): void {
  const store = ResultsStore.open(run)
  try {
    store.add(chunks)
    seal(run, store, store.plan())
  } finally {
    store.close()
  }
}

function change(run: RunFolder, sql: string): void {
  const database = new DatabaseSync(run.results)
  database.exec(sql)
  database.close()
}

test('should record the Merkle root over the leaves in order, whatever order they came in', (t) => {
  const lab = temporaryLab(t)
  const [run, other] = [plannedRun(lab), plannedRun(lab)]
  sealRun(run)
  sealRun(other, [...CHUNKS].reverse())
  const root = toHex(merkleRoot(CHUNKS.map(({ leaf }) => fromHex(leaf))))
  for (const { manifest } of [run, other]) {
    const verified = verifyManifest(readFileSync(manifest))
    assert.deepEqual([verified.valid, verified.problems], [true, []])
    assert.equal(verified.manifest?.results.root, root)
    assert.deepEqual(
      verified.manifest?.results.leaves,
      CHUNKS.map(({ leaf }) => leaf),
    )
  }
})

test('should give the same manifest when it is done again, after the manifest was lost', (t) => {
  const run = plannedRun(temporaryLab(t))
  sealRun(run)
  const before = readFileSync(run.manifest)
  sealRun(run)
  assert.deepEqual(readFileSync(run.manifest), before)
  rmSync(run.manifest)
  assert.equal(runState(run).state, 'sealed')
  sealRun(run)
  assert.deepEqual(readFileSync(run.manifest), before)
})

test('should find stored bytes that are not those that were acknowledged, and seal nothing', (t) => {
  const damage: readonly [sql: string, chunk: number][] = [
    ["UPDATE chunks SET bytes = CAST(replace(CAST(bytes AS TEXT), ':1', ':2') AS BLOB) WHERE chunk = 6", 6],
    ['UPDATE chunks SET bytes = (SELECT bytes FROM chunks WHERE chunk = 1) WHERE chunk = 4', 4],
    [`UPDATE chunks SET leaf = '${'0'.repeat(64)}' WHERE chunk = 9`, 9],
    ['DELETE FROM chunks WHERE chunk = 2', 3],
  ]
  for (const [sql, chunk] of damage) {
    const run = plannedRun(temporaryLab(t))
    const store = ResultsStore.open(run)
    store.add(CHUNKS)
    store.close()
    change(run, sql)
    assert.throws(
      () => sealRun(run, []),
      isRefusal('not-intact', { subject: `run ${run.id}, chunk ${chunk}` }),
      sql,
    )
    assert.equal(existsSync(run.manifest), false)
    assert.equal(runState(run).root, null)
  }
})

test('should tell sessions, what was retried and what failed', (t) => {
  const run = plannedRun(temporaryLab(t))
  const store = ResultsStore.open(run)
  const at = (second: number) => new Date(Date.UTC(2026, 10, 23, 6, 0, second))
  const environment = { node: 'v20' }
  store.addEvent(at(1), 'started', { runner: 'local', engines: 2, environment })
  store.addEvent(at(2), 'engine-lost', { engine: 1, reason: 'x', count: 3, chunks: [1, 2, 3] })
  store.addEvent(at(3), 'started', { runner: 'local', engines: 4, environment })
  store.addEvent(at(4), 'interrupted', { chunks: 5 })
  store.addEvent(at(5), 'started', { runner: 'memory', engines: 1, environment })
  store.addEvent(at(6), 'engine-lost', { engine: 1, reason: 'x', count: 1, chunks: [4] })
  store.add(CHUNKS.map((chunk) => ({ ...chunk, failed: chunk.chunk === 1 ? 2 : 0 })))
  seal(run, store, store.plan())
  store.close()
  const { run: record } = JSON.parse(readFileSync(run.manifest, 'utf8'))
  assert.deepEqual(record.counts, {
    chunks: 10,
    done: 10,
    failedJobs: 2,
    jobs: 20,
    planned: 10,
    retried: 4,
    setAside: 0,
  })
  assert.deepEqual(
    record.sessions.map(({ started, ended, runner, engines }: Record<string, unknown>) => [
      started,
      ended,
      runner,
      engines,
    ]),
    [
      [at(1).toISOString(), null, 'local', 2],
      [at(3).toISOString(), at(4).toISOString(), 'local', 4],
      [at(5).toISOString(), record.sealed, 'memory', 1],
    ],
    'one that has no end was killed',
  )
})

test('should not seal with a capsule that is gone, and say so', (t) => {
  const lab = temporaryLab(t)
  const run = plannedRun(lab)
  rmSync(lab.capsules, { recursive: true })
  refused(() => sealRun(run), 'not-found')
})

test('should leave the manifest alone when a chunk and its leaf were changed after the seal', (t) => {
  const run = plannedRun(temporaryLab(t))
  sealRun(run)
  const before = readFileSync(run.manifest)
  const other = { ...CHUNKS[3]!, bytes: CHUNKS[4]!.bytes, leaf: CHUNKS[4]!.leaf }
  const database = new DatabaseSync(run.results)
  database.prepare('UPDATE chunks SET bytes = ?, leaf = ? WHERE chunk = 3').run(other.bytes, other.leaf)
  database.close()
  const store = ResultsStore.open(run)
  refused(() => seal(run, store, store.plan()), 'not-intact', { says: /not those that were sealed/ })
  store.close()
  assert.deepEqual(readFileSync(run.manifest), before)
})
