/** Law 4, tested by the run itself: chunks executed twice on different engines; a difference is a finding. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { DatabaseSync } from '@photostructure/sqlite'
import { Makers } from '../../lab/environments.ts'
import type { RunFolder } from '../../lab/lab.ts'
import { addReplicas, replicaDivergence, replicasDone, replicationStatement } from '../../lab/replicas.ts'
import { ResultsStore, readPlan } from '../../lab/results.ts'
import { runState } from '../../lab/state.ts'
import { fromHex } from '../../lib/digest.ts'
import type { RepriseError } from '../../lib/errors.ts'
import { drawSample } from '../../lib/sample.ts'
import { parseManifest } from '../../provenance/read-manifest.ts'
import { verifyManifest } from '../../provenance/verify.ts'
import { mean } from '../cli/project.ts'
import { isRefusal } from '../lib/refusal.ts'
import { besides, JITLESS, KINDS, MixedLab } from './mixed.ts'
import { allChunks, chunkDone, documentOf, plannedRun, temporaryLab } from './run.ts'

interface Row {
  readonly chunk: number
  readonly leaf: string
  readonly bytes: Uint8Array | null
  readonly session: number
  readonly environment: number
}

function rowsOf(run: RunFolder, table: 'chunks' | 'replicas'): Row[] {
  const database = new DatabaseSync(run.results, { readOnly: true })
  const sql = `SELECT chunk, leaf, CAST(bytes AS BLOB) AS bytes, session, environment FROM ${table} ORDER BY chunk`
  const rows = database.prepare(sql).all() as unknown as Row[]
  database.close()
  return rows
}

const drawn = (run: RunFolder, total: number, count: number) =>
  drawSample(total, count, fromHex(readPlan(run).replicate!.entropy))

/** The finding with which an execution ends. */
async function finding(execution: Promise<unknown>): Promise<RepriseError> {
  return execution.then(
    () => assert.fail('it was not found'),
    (error: unknown) => {
      isRefusal('divergent')(error)
      return error as RepriseError
    },
  )
}

for (const [name, kind] of KINDS) {
  test(`should execute the share again in another environment: ${name}`, async (t) => {
    const mixed = new MixedLab(t, mean())
    const run = await mixed.plan('20%')
    let told = 0
    assert.deepEqual(await mixed.execute(run, besides(kind), { replicating: (n) => (told = n) }), {
      state: 'sealed',
    })
    assert.equal(told, 4)
    assert.equal(readPlan(run).replicate!.share, '20%')
    const [chunks, replicas] = [rowsOf(run, 'chunks'), rowsOf(run, 'replicas')]
    assert.deepEqual(
      replicas.map(({ chunk }) => chunk),
      drawn(run, 20, 4),
      'drawn by the entropy that the plan records',
    )
    for (const { chunk, leaf, bytes, environment } of replicas) {
      assert.deepEqual([leaf, bytes], [chunks[chunk]!.leaf, null])
      assert.notEqual(environment, chunks[chunk]!.environment)
    }
    const bytes = readFileSync(run.manifest)
    assert.equal(verifyManifest(bytes).valid, true)
    const { replicated } = parseManifest(bytes).run
    const { entropy } = readPlan(run).replicate!
    assert.deepEqual(replicated, { chunks: 4, identical: true, elsewhere: 4, entropy })
    assert.deepEqual(runState(run).replicated, replicated)
  })
}

test('should find a result that depends on how the engine was started', async (t) => {
  const before = 'if (point.a === 3) sum += process.execArgv.length'
  const mixed = new MixedLab(t, mean({ before }))
  const run = await mixed.plan('100%')
  const error = await finding(mixed.execute(run, besides(JITLESS)))
  const wrong = rowsOf(run, 'replicas').filter(({ bytes }) => bytes !== null)
  assert.deepEqual(
    wrong.map(({ chunk }) => chunk),
    [12, 13, 14, 15],
    'all of point 3, whose bytes are kept',
  )
  assert.equal(error.subject, 'chunk 12 at {"a":3}, job 0 (repetition 0), result.mean')
  const { version: node, arch } = process
  assert.ok(error.message.includes(`Node ${node} ${arch} --jitless)`), error.message)
  assert.ok(error.message.includes(`Node ${node} ${arch})`), error.message)
  assert.ok(error.message.includes(rowsOf(run, 'chunks')[12]!.leaf) && error.message.includes(wrong[0]!.leaf))
  assert.match(error.message, /4 of 20 replicated chunks differ/)
  assert.equal(existsSync(run.manifest), false)
  assert.deepEqual([runState(run).state, runState(run).root], ['failed', null])

  let started = 0
  const again = await finding(mixed.execute(run, [{}], { engine: () => started++ }))
  assert.deepEqual(
    [again.line, started],
    [error.line, 0],
    'the finding stays, and nothing is executed for it',
  )
  assert.equal(existsSync(run.manifest), false)
})

test('should find a variable that outlives a job', async (t) => {
  const source = mean({ before: 'sum += before++ % 1000' }).replace(
    'export default',
    'let before = 0\nexport default',
  )
  const mixed = new MixedLab(t, source)
  const run = await mixed.plan('2')
  const error = await finding(mixed.execute(run, [{}]))
  assert.match(error.message, /executed twice, it gave \d+\.\d+ \(Node .*\) and \d+\.\d+ \(Node /)
  assert.match(error.remedy, /a variable that outlives a job/)
})

test('should record no replicas where none were asked for', async (t) => {
  const mixed = new MixedLab(t, mean())
  const run = await mixed.plan()
  await mixed.execute(run, [{}])
  const { run: record } = parseManifest(readFileSync(run.manifest))
  assert.equal('replicated' in record, false)
  assert.deepEqual([runState(run).replicas, runState(run).replicated], [null, null])
})

test('should not seal while replicas are missing, and execute those alone when it goes on', async (t) => {
  const marker = 'DEADLY'
  const mixed = new MixedLab(
    t,
    mean({ before: `if (repetition === 0 && fs.existsSync(${JSON.stringify(marker)})) process.exit(1)` }),
  )
  // The marker lies in a folder that the engines share.
  const folder = mixed.lab.path
  const source = readFileSync(join(folder, '..', 'x.ts'), 'utf8').replace(
    JSON.stringify(marker),
    JSON.stringify(join(folder, marker)),
  )
  writeFileSync(join(folder, '..', 'x.ts'), `import fs from 'node:fs'\n${source}`)
  const run = await mixed.plan('100%')
  const outcome = await mixed.execute(run, [{}], {
    replicating: () => writeFileSync(join(folder, marker), ''),
  })
  assert.equal(outcome.state, 'incomplete')
  assert.deepEqual(
    'setAside' in outcome && outcome.setAside.map(({ chunk }) => chunk).sort((a, b) => a - b),
    [0, 4, 8, 12, 16],
  )
  assert.deepEqual([existsSync(run.manifest), runState(run).state], [false, 'incomplete'])
  assert.deepEqual(runState(run).replicas, { chunks: 20, done: 15 })
  rmSync(join(folder, marker))
  const again: number[] = []
  const observer = {
    replicas: (done: readonly { chunk: number }[]) => again.push(...done.map(({ chunk }) => chunk)),
  }
  assert.equal((await mixed.execute(run, [{}], observer)).state, 'sealed')
  assert.deepEqual(
    again.sort((a, b) => a - b),
    [0, 4, 8, 12, 16],
  )
  assert.equal(parseManifest(readFileSync(run.manifest)).run.replicated?.chunks, 20)
})

test('should keep every result that a replica gave', (t) => {
  const run = plannedRun(temporaryLab(t))
  const store = ResultsStore.open(run)
  t.after(() => store.close())
  store.add(allChunks(documentOf(), 10))
  const [first] = allChunks(documentOf(), 1)
  const other = chunkDone(0, [{ point: 0, repetition: 0 }, 'else'])
  addReplicas(store, [first!], new Makers(1))
  assert.deepEqual([replicasDone(store), replicaDivergence(store, store.plan())], [1, null])
  addReplicas(store, [other, other, first!], new Makers(2))
  assert.equal(replicasDone(store), 1)
  const error = replicaDivergence(store, store.plan())
  assert.equal(error?.subject, 'chunk 0 at {"a":0}, job 1 (repetition 1), result')
  assert.ok(error.message.includes(first!.leaf) && error.message.includes(other.leaf))
})

test('should say what identical replicas prove, and in how many environments', () => {
  const replicated = { chunks: 4, identical: true, elsewhere: 3, entropy: '' } as const
  assert.equal(
    replicationStatement(replicated, 80),
    `4 of 80 chunks on other engines: identical (3 in another environment): with 95 % confidence at most 41 of the chunks would differ (a single such chunk is found with chance 4/80)`,
  )
  assert.equal(
    replicationStatement({ ...replicated, elsewhere: 0 }, 4),
    '4 of 4 chunks on other engines: identical (all of the same environment): every chunk of the run, bit for bit',
  )
})
