/** Which environment executed which chunk: in the store, in the manifest, and in stores that do not know. */
import assert from 'node:assert/strict'
import { readFileSync, rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { test } from 'node:test'
import { DatabaseSync } from '@photostructure/sqlite'
import { Database } from '../../lab/database.ts'
import { diffRuns } from '../../lab/diff.ts'
import { executedBy, executedIn, Makers } from '../../lab/environments.ts'
import type { RunFolder } from '../../lab/lab.ts'
import { ResultsStore } from '../../lab/results.ts'
import { seal } from '../../lab/seal.ts'
import { runState } from '../../lab/state.ts'
import { environmentNames } from '../../lib/environment.ts'
import type { Manifest } from '../../provenance/manifest.ts'
import { parseManifest } from '../../provenance/read-manifest.ts'
import { environment, ownEnvironment } from '../../runners/environment.ts'
import type { EngineStarted } from '../../runners/runner.ts'
import { mean } from '../cli/project.ts'
import { besides, JITLESS, KINDS, MixedLab } from './mixed.ts'
import { allChunks, documentOf, plannedRun, temporaryLab } from './run.ts'

const SOURCE = mean()
/** This machine as an engine of a capsule tells it: without flags, and with the fingerprint of the capsule's own Math. */
const usual = (told: EngineStarted | undefined) => ({
  ...environment(),
  flags: [],
  fingerprint: told!.environment!.fingerprint,
  binary: told!.environment!.binary!,
})
/** Twenty chunks, each long enough for every engine to get some. */
const LONG = `import { experiment } from 'reprise'
export default experiment({
  name: 'long', parameters: { a: [0, 1, 2, 3, 4] }, repetitions: 4, chunk: 1,
  async run({ random }) {
    await new Promise((resolve) => setTimeout(resolve, 260))
    return random()
  },
})
`

const manifestOf = (run: RunFolder): Manifest => parseManifest(readFileSync(run.manifest))

/** Chunk indices that ranges name. */
const listed = (ranges: readonly (readonly [number, number])[]) =>
  ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i))

function withStore<T>(run: RunFolder, action: (store: ResultsStore) => T): T {
  const store = ResultsStore.open(run)
  try {
    return action(store)
  } finally {
    store.close()
  }
}

for (const [name, kind] of KINDS) {
  test(`should record which chunks were executed ${name}`, async (t) => {
    const mixed = new MixedLab(t, LONG)
    const run = await mixed.plan()
    const by = new Map<number, string[]>()
    const engines = new Map<number, number>()
    await mixed.execute(run, besides(kind), {
      engine: ({ engine, environment }) => by.set(engine, [environment!.node, ...environment!.flags]),
      chunks: (done) => {
        for (const { chunk, engine } of done) engines.set(chunk, engine)
      },
    })
    const { run: record, results } = manifestOf(run)
    const environments = record.environments!
    assert.equal(environments.length, 2)
    assert.equal(environments[0]!.chunks + environments[1]!.chunks, results.chunks)
    for (const { environment, chunks, ranges } of environments) {
      const found = listed(ranges!)
      assert.equal(found.length, chunks)
      for (const chunk of found)
        assert.deepEqual(by.get(engines.get(chunk)!), [environment!.node, ...environment!.flags!])
    }
    const text = readFileSync(run.manifest, 'utf8').replace(
      JSON.stringify(manifestOf(run).capsule.source),
      '',
    )
    if (hostname().length > 3) assert.ok(!text.includes(hostname()), 'no manifest tells the host')
    const alone = await mixed.plan()
    let engine: EngineStarted | undefined
    await mixed.execute(alone, [{}], { engine: (started) => (engine = started) })
    const one = manifestOf(alone)
    assert.equal(one.results.root, results.root)
    assert.deepEqual(one.run.environments, [{ environment: usual(engine), chunks: 20 }])
    const told = diffRuns(mixed.lab, run.id, alone.id).environment
    assert.deepEqual(told, [
      {
        what: 'engines',
        left: environmentNames(environments.map(({ environment }) => environment)).sort(),
        right: environmentNames([usual(engine)]),
      },
    ])
  })
}

test('should tell the sessions apart, whose engines have the same numbers', async (t) => {
  const mixed = new MixedLab(t, LONG)
  const run = await mixed.plan()
  const stop = new AbortController()
  await mixed.execute(run, [{}], { chunks: () => stop.abort() }, stop.signal)
  await mixed.execute(run, [JITLESS])
  const database = new DatabaseSync(run.results, { readOnly: true })
  const sql = 'SELECT DISTINCT session, engine, environment FROM chunks ORDER BY session'
  const rows = database.prepare(sql).all() as object[]
  database.close()
  assert.deepEqual(
    rows.map((row) => ({ ...row })),
    [
      { session: 1, engine: 1, environment: 1 },
      { session: 2, engine: 1, environment: 2 },
    ],
  )
  const [first, second] = manifestOf(run).run.environments!
  assert.deepEqual([first!.environment!.flags, second!.environment!.flags], [[], ['--jitless']])
})

const DOCUMENT = documentOf({
  repetitions: 1,
  chunk: 1,
  design: { zip: [{ name: 'a', values: many(2_004) }] },
})
function many(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i)
}

/** A run whose chunks come from two engines, the second having those that `second` says. */
function madeUp(t: Parameters<typeof temporaryLab>[0], second: (chunk: number) => boolean): RunFolder {
  const run = plannedRun(temporaryLab(t), { document: DOCUMENT })
  withStore(run, (store) => {
    const makers = new Makers(1)
    const started = { pid: 1, host: 'ada-laptop', node: 'v20.20.2' }
    makers.note({ ...started, engine: 1, environment: ownEnvironment() })
    makers.note({ ...started, engine: 2, environment: null })
    const chunks = allChunks(DOCUMENT, 2_004)
    store.add(
      chunks.map((done) => ({ ...done, engine: second(done.chunk) ? 2 : 1 })),
      makers,
    )
    seal(run, store, store.plan())
  })
  return run
}

test('should name a thousand ranges and not more, and say so', (t) => {
  const cases: readonly [second: (chunk: number) => boolean, ranges: boolean][] = [
    [(chunk) => chunk < 998 && chunk % 2 === 1, true], // 999 ranges
    [(chunk) => chunk < 1_000 && chunk % 2 === 1, false], // 1,001
    [(chunk) => chunk % 2 === 1, false],
  ]
  for (const [second, named] of cases) {
    const [first, other] = manifestOf(madeUp(t, second)).run.environments!
    const seconds = many(2_004).filter(second)
    assert.deepEqual([first!.chunks, other!.chunks], [2_004 - seconds.length, seconds.length])
    assert.deepEqual(other!.ranges, named ? seconds.map((chunk) => [chunk, chunk]) : null)
    assert.equal(first!.ranges === null, !named)
  }
})

test('should record what is known of an engine that tells only its Node, and not its host', (t) => {
  const run = madeUp(t, (chunk) => chunk === 7)
  const [, other] = manifestOf(run).run.environments!
  assert.deepEqual(other, { environment: { node: 'v20.20.2' }, chunks: 1, ranges: [[7, 7]] })
  assert.ok(!readFileSync(run.manifest, 'utf8').includes('ada-laptop'))
  assert.ok(!readFileSync(run.results).includes('ada-laptop'))
  withStore(run, (store) => {
    const where = executedIn(store)
    assert.deepEqual([where(7), where(9_999)], ['{"node":"v20.20.2"}', null])
    assert.equal(JSON.parse(where(8)!).v8, process.versions.v8)
  })
})

/** The tables as version 0.1 made them. */
const OLD = `
CREATE TABLE plan (one INTEGER PRIMARY KEY CHECK (one = 1), text TEXT NOT NULL) STRICT;
CREATE TABLE chunks (
  chunk INTEGER PRIMARY KEY, bytes BLOB NOT NULL, leaf TEXT NOT NULL, failed INTEGER NOT NULL,
  ms REAL NOT NULL, engine INTEGER NOT NULL, stacks TEXT);
CREATE TABLE events (seq INTEGER PRIMARY KEY, time TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL) STRICT;
CREATE TABLE requests (seq INTEGER PRIMARY KEY, time TEXT NOT NULL, kind TEXT NOT NULL) STRICT;
`

/** Makes the run's store anew as version 0.1 would have, with so many of its chunks. */
function makeOld(run: RunFolder, kept: number): void {
  const { plan, chunks } = withStore(run, (store) => {
    const { replicate: _, math: __, guard: ___, ...plan } = store.plan()
    return {
      plan,
      chunks: [...store.chunks()].slice(0, kept).map((c) => ({ ...c, bytes: Buffer.from(c.bytes) })),
    }
  })
  for (const end of ['', '-wal', '-shm']) rmSync(run.results + end, { force: true })
  rmSync(run.manifest)
  Database.create(run.results, OLD)
  const database = new DatabaseSync(run.results)
  database.prepare('INSERT INTO plan VALUES (1, ?)').run(JSON.stringify(plan))
  const insert = database.prepare('INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?)')
  for (const { chunk, bytes, leaf, failed } of chunks) insert.run(chunk, bytes, leaf, failed, 1.5, 1, null)
  const started = { runner: 'local', engines: 1, missing: 20, environment: ownEnvironment() }
  database
    .prepare('INSERT INTO events (time, kind, body) VALUES (?, ?, ?)')
    .run(new Date().toISOString(), 'started', JSON.stringify(started))
  database.close()
}

const versionOf = (run: RunFolder) => {
  const database = new DatabaseSync(run.results, { readOnly: true })
  const row = database.prepare('PRAGMA user_version').get() as { user_version: number }
  database.close()
  return row.user_version
}

test('should resume and seal a store of version 0.1, and say of its chunks that nothing is known', async (t) => {
  const mixed = new MixedLab(t, SOURCE)
  const run = await mixed.plan()
  await mixed.execute(run, [{}])
  const { root } = manifestOf(run).results
  makeOld(run, 8)
  assert.deepEqual(
    [runState(run).state, runState(run).chunksDone, runState(run).replicas],
    ['interrupted', 8, null],
  )
  assert.deepEqual(withStore(run, executedBy), [{ environment: null, chunks: 8 }])
  assert.equal(versionOf(run), 0, 'who only reads leaves the file as it is')
  let engine: EngineStarted | undefined
  const outcome = await mixed.execute(run, [{}], { engine: (started) => (engine = started) })
  assert.equal(outcome.state, 'sealed')
  assert.equal(versionOf(run), 3)
  const { run: record, results } = manifestOf(run)
  assert.equal(results.root, root)
  assert.deepEqual(record.environments, [
    { environment: null, chunks: 8, ranges: [[0, 7]] },
    { environment: usual(engine), chunks: 12, ranges: [[8, 19]] },
  ])
})

test('should seal a store of version 0.1 that is whole', async (t) => {
  const mixed = new MixedLab(t, SOURCE)
  const run = await mixed.plan()
  await mixed.execute(run, [{}])
  const { root } = manifestOf(run).results
  makeOld(run, 20)
  assert.equal((await mixed.execute(run, [{}])).state, 'sealed')
  assert.equal(manifestOf(run).results.root, root)
  assert.deepEqual(manifestOf(run).run.environments, [{ environment: null, chunks: 20 }])
})
