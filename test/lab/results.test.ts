/** The results store: durable settings, all or nothing, never overwritten, read back the same. */
import assert from 'node:assert/strict'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { DatabaseSync } from '@photostructure/sqlite'
import { ResultsStore, readPlan } from '../../lab/results.ts'
import { isRefusal, refused } from '../lib/refusal.ts'
import { allChunks, chunkDone, documentOf, plannedRun, temporaryLab } from './run.ts'

test('should read back the plan that it was made with', (t) => {
  const lab = temporaryLab(t)
  const run = plannedRun(lab, {
    document: documentOf({ name: 'é “quoted” \'and\' "so"\n\u0000 on', seed: "x'); --" }),
  })
  const plan = readPlan(run)
  assert.equal(plan.run, run.id)
  assert.equal(plan.experiment.document.name, 'é “quoted” \'and\' "so"\n\u0000 on')
  assert.equal(plan.experiment.document.seed, "x'); --")
  assert.deepEqual(plan.code, { commit: null, reason: 'made up' })
})

test('should keep a write-ahead log, and leave one file when it is closed', (t) => {
  const run = plannedRun(temporaryLab(t))
  assert.deepEqual(readdirSync(run.path), ['results.sqlite'], 'the plan is whole in one file')
  const store = ResultsStore.open(run)
  store.add([chunkDone(0, [1, 2])])
  const mode = new DatabaseSync(run.results)
  assert.deepEqual({ ...(mode.prepare('PRAGMA journal_mode').get() as object) }, { journal_mode: 'wal' })
  mode.close()
  store.close()
  const alone = new DatabaseSync(run.results, { readOnly: true })
  const { n } = alone.prepare('SELECT count(*) AS n FROM chunks').get() as { n: number }
  alone.close()
  assert.equal(n, 1)
})

test('should give chunks back with their bytes, in order, however many', (t) => {
  const document = documentOf({ repetitions: 500, chunk: 1 })
  const run = plannedRun(temporaryLab(t), { document })
  const chunks = allChunks(document, 2500)
  const store = ResultsStore.open(run)
  t.after(() => store.close())
  const shuffled = [...chunks].sort((a, b) => ((a.chunk * 7919) % 2503) - ((b.chunk * 7919) % 2503))
  store.add(shuffled.slice(0, 1000))
  store.add(shuffled.slice(1000))
  assert.deepEqual(
    [...store.present()],
    chunks.map(({ chunk }) => chunk),
  )
  assert.deepEqual(
    [...store.chunks()].map(({ chunk, bytes, leaf }) => ({ chunk, bytes: Buffer.from(bytes), leaf })),
    chunks.map(({ chunk, bytes, leaf }) => ({ chunk, bytes: Buffer.from(bytes), leaf })),
  )
  assert.deepEqual({ ...store.counts() }, { chunks: 2500, failedJobs: 0 })
  assert.deepEqual(Buffer.from(store.bytes(1234)!), Buffer.from(chunks[1234]!.bytes))
  assert.equal(store.bytes(2500), null)
})

test('should give back which chunks are new, and take what is there already once', (t) => {
  const store = ResultsStore.open(plannedRun(temporaryLab(t)))
  t.after(() => store.close())
  const [first, second] = [chunkDone(0, [1, 2]), chunkDone(1, [3, 4])]
  assert.deepEqual(store.add([first]), [first])
  assert.deepEqual(store.add([first, second, second]), [second])
  assert.throws(() => store.add([chunkDone(1, [3, 5])]), /1/)
  assert.equal(store.counts().chunks, 2)
})

test('should lose no chunk to the garbage collector while they are read slowly', async (t) => {
  const document = documentOf({ repetitions: 500, chunk: 1 })
  const run = plannedRun(temporaryLab(t), { document })
  const store = ResultsStore.open(run)
  t.after(() => store.close())
  store.add(allChunks(document, 2500))
  let read = 0
  let litter: unknown[] = []
  for (const { chunk } of store.chunks()) {
    assert.equal(chunk, read++)
    litter.push(new Array(20_000).fill(chunk))
    if (read % 100 === 0) {
      litter = []
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  assert.equal(read, 2500)
})

test('should read what there was when it was frozen, whatever is added', (t) => {
  const run = plannedRun(temporaryLab(t))
  const [reader, writer] = [ResultsStore.open(run), ResultsStore.open(run)]
  writer.add([chunkDone(0, [1, 2])])
  reader.freeze()
  writer.add([chunkDone(1, [1, 2])])
  assert.deepEqual([...reader.present()], [0])
  assert.deepEqual([...writer.present()], [0, 1])
  for (const store of [reader, writer]) store.close()
})

test('should accept a chunk again with the same bytes, and refuse it with others', (t) => {
  const store = ResultsStore.open(plannedRun(temporaryLab(t)))
  t.after(() => store.close())
  const first = chunkDone(3, [0.1, 0.2])
  store.add([first])
  store.add([first, chunkDone(4, [1, 2])])
  const other = chunkDone(3, [0.1, 0.30000000000000004])
  assert.throws(
    () => store.add([other]),
    (error: unknown) => {
      isRefusal('divergent', { subject: 'chunk 3' })(error)
      const { message } = error as Error
      assert.ok(message.includes(first.leaf) && message.includes(other.leaf), 'both digests are named')
      return true
    },
  )
  assert.deepEqual(Buffer.from(store.bytes(3)!), Buffer.from(first.bytes), 'the first is kept')
  assert.deepEqual([...store.present()], [3, 4])
})

test('should refuse a chunk that comes twice in one batch with other bytes', (t) => {
  const store = ResultsStore.open(plannedRun(temporaryLab(t)))
  t.after(() => store.close())
  refused(() => store.add([chunkDone(0, [1, 2]), chunkDone(0, [1, 3])]), 'divergent')
  assert.deepEqual([...store.present()], [])
})

test('should add all chunks of a batch or none', (t) => {
  const store = ResultsStore.open(plannedRun(temporaryLab(t)))
  t.after(() => store.close())
  store.add([chunkDone(5, [1, 2])])
  refused(() => store.add([chunkDone(1, [1, 2]), chunkDone(2, [1, 2]), chunkDone(5, [1, 9])]), 'divergent')
  assert.deepEqual([...store.present()], [5])
  store.add([chunkDone(1, [1, 2])])
  assert.deepEqual([...store.present()], [1, 5], 'and it goes on working')
})

test('should keep events in order, failures with their stacks, and requests', (t) => {
  const store = ResultsStore.open(plannedRun(temporaryLab(t)))
  t.after(() => store.close())
  const time = new Date('2026-11-23T05:51:00.123Z')
  store.addEvent(time, 'started', { engines: 2 })
  store.addEvent(time, 'interrupted', { chunks: 0 })
  assert.deepEqual(
    store.events().map((event) => ({ ...event })),
    [
      { seq: 1, time: '2026-11-23T05:51:00.123Z', kind: 'started', body: { engines: 2 } },
      { seq: 2, time: '2026-11-23T05:51:00.123Z', kind: 'interrupted', body: { chunks: 0 } },
    ],
  )
  const stacks = [0, 1].map((job) => ({ job, stack: `Error: ${job}` }))
  store.add([
    chunkDone(7, [1, 2], { failed: 2, stacks }),
    chunkDone(2, [1, 2], { failed: 1, stacks: stacks.slice(1) }),
  ])
  assert.deepEqual(store.stacks(2), [
    { chunk: 2, job: 1, stack: 'Error: 1' },
    { chunk: 7, job: 0, stack: 'Error: 0' },
  ])
  assert.equal(store.counts().failedJobs, 3)
  assert.equal(store.requests(), 0)
  store.request(time, 'cancel')
  assert.equal(store.requests(), 1)
})

test('should say what is wrong with a file that is no store', (t) => {
  const lab = temporaryLab(t)
  const run = plannedRun(lab)
  writeFileSync(run.results, 'not a database, whatever its name says, and long enough to look like one')
  refused(() => ResultsStore.open(run), 'not-intact', { subject: `run ${run.id}`, says: 'cannot be read' })
  writeFileSync(run.results, '')
  refused(() => ResultsStore.open(run), 'not-intact')
  rmSync(run.results)
  refused(() => ResultsStore.open(run), 'not-found')
})
