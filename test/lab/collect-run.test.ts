/** What a head executed comes here once: whoever is killed on the way, and whatever became of the folder there. */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { collectRun } from '../../lab/collect-run.ts'
import { newDetached, writeDetached } from '../../lab/detached.ts'
import { recordSession } from '../../lab/execute.ts'
import { handOver, type Placement } from '../../lab/hand-over.ts'
import type { Lab, RunFolder } from '../../lab/lab.ts'

import { ResultsStore } from '../../lab/results.ts'
import { runState } from '../../lab/state.ts'
import { RepriseError } from '../../lib/errors.ts'
import type { Head } from '../../runners/detached/head.ts'
import { answerOf } from '../../runners/detached/heard.ts'
import { Journal } from '../../runners/detached/journal.ts'
import type { FarRun } from '../../runners/detached/status.ts'
import { journalFrom } from '../../runners/detached/stream.ts'
import type { Submission } from '../../runners/detached/submission.ts'
import type { ChunkDone } from '../../runners/runner.ts'
import type { Station } from '../../runners/station/station.ts'
import { allChunks, documentOf, plannedRun, temporaryFolder, temporaryLab } from './run.ts'

const CHUNKS = allChunks(documentOf(), 10)
const PLACEMENT: Placement = {
  runner: 'ssh:lab',
  engines: null,
  timeoutMs: null,
  headEngines: 2,
  workers: [],
  env: {},
}
const station = { keep: async () => {}, facts: { cores: 2 } } as unknown as Station

/** The folder of a run on a head, with a journal that is written by hand. */
class Far {
  readonly folder: string
  readonly run: RunFolder
  readonly #lab: Lab
  journal!: Journal
  submitted = 'first'
  status: Partial<FarRun> = { state: 'running', done: 0 }

  constructor(t: TestContext) {
    this.#lab = temporaryLab(t)
    this.run = plannedRun(this.#lab)
    this.folder = join(temporaryFolder(t), 'far')
    this.begin()
    writeDetached(this.run, newDetached('ssh:lab', new Date()))
    const store = ResultsStore.open(this.run)
    recordSession(this.#lab, store, store.plan(), { kind: 'ssh', engines: 1 }, 10)
    store.addEvent(new Date(), 'detached', { missing: 10 })
    store.close()
  }

  /** A journal where there is none. */
  begin(): void {
    rmSync(this.folder, { recursive: true, force: true })
    mkdirSync(this.folder)
    this.journal = new Journal(this.folder, 1, { durable: () => {}, failed: assert.fail })
    this.journal.add({ type: 'began', segment: 1, time: '' })
    this.journal.add({ type: 'engine', engine: 1, pid: 1, host: 'h', node: 'v20.19.0', environment: null })
  }

  write(chunks: readonly ChunkDone[], ...others: object[]): void {
    for (const other of others) this.journal.add(other)
    for (const { bytes, ...done } of chunks) this.journal.add({ type: 'chunk', ...done }, bytes)
    this.journal.flush()
  }

  get told(): FarRun {
    const { id: run } = this.run
    const told = { run, name: 'x', updated: '', total: 10, failedJobs: 0, hosts: {}, reason: null }
    return { ...told, state: 'running', done: 0, submitted: this.submitted, ...this.status }
  }

  head(more: Partial<Head> = {}): Head {
    writeFileSync(join(this.folder, 'submission.json'), JSON.stringify(this.#submission()))
    writeFileSync(join(this.folder, 'status.json'), JSON.stringify(this.told))
    return {
      run: async () => this.told,
      release: async () => this.told,
      journal: (_: string, ...from: [{ segment: number; offset: number }, boolean, AbortSignal]) =>
        journalFrom(this.folder, ...from),
      ...more,
    } as Head
  }

  #submission(): Submission {
    const { runner: _, ...where } = PLACEMENT
    const [hash, capsule] = ['0'.repeat(64), '1'.repeat(64)]
    const what = { run: this.run.id, name: 'x', submitted: this.submitted, plan: {}, hash, capsule }
    return { format: 'reprise/submission/1', ...what, inputs: [], chunks: [[0, 9]], ...where }
  }

  collect(head = this.head()) {
    return collectRun(this.#lab, this.run, head, { follow: false }, new AbortController().signal)
  }

  handOver(head: Head) {
    return handOver(this.#lab, this.run, { head, station }, PLACEMENT)
  }

  kinds(): string[] {
    const store = ResultsStore.open(this.run)
    try {
      return store.events().map(({ kind }) => kind)
    } finally {
      store.close()
    }
  }
}

const LOST = { type: 'lost', engine: 1, reason: 'killed', chunks: [0] }
const TOUCHED = { type: 'touched', kind: 'clock', name: 'Date.now', caller: 'run', place: 'x.ts:1' }

test('should count what was told once, although a collector died, and a note is old', async (t) => {
  const far = new Far(t)
  const note = readFileSync(far.run.detached)
  far.write(CHUNKS.slice(0, 4), LOST, TOUCHED)
  assert.equal((await far.collect()).state, 'detached')
  assert.equal(runState(far.run).chunksDone, 4)
  writeFileSync(far.run.detached, note) // as one who is killed leaves it
  const broken = far.head({
    async *journal(_run, from, follow, signal) {
      far.write(CHUNKS.slice(4, 6), { ...LOST, chunks: [1] })
      for await (const bytes of journalFrom(far.folder, from, follow, signal)) {
        yield bytes
        return // and not that this was all
      }
    },
  } as Partial<Head>)
  await assert.rejects(far.collect(broken), /ended before all was collected/)
  assert.equal(runState(far.run).chunksDone, 6)
  far.write(CHUNKS.slice(6), { type: 'ended', time: '', state: 'done', code: null, reason: null })
  far.status = { state: 'done', done: 10 }
  assert.equal((await far.collect()).state, 'sealed')
  const kinds = far.kinds()
  assert.equal(kinds.filter((kind) => kind === 'engine-lost').length, 2)
  assert.equal(kinds.filter((kind) => kind === 'touched').length, 1)
  assert.equal(JSON.parse(readFileSync(far.run.manifest, 'utf8')).run.counts.retried, 2)
})

test('should begin anew where the journal is another, and take again what is not here', async (t) => {
  const far = new Far(t)
  far.write(CHUNKS.slice(0, 4), LOST)
  await far.collect()
  far.begin()
  far.submitted = 'second'
  far.write(CHUNKS.slice(4, 7))
  far.status = { state: 'cancelled', done: 3, total: 6 }
  assert.equal((await far.collect()).state, 'cancelled')
  assert.equal(runState(far.run).chunksDone, 7)
  const store = ResultsStore.open(far.run)
  store.database.exec('DELETE FROM chunks WHERE chunk = 5') // as no store of ours would be
  store.close()
  await far.collect()
  assert.equal(runState(far.run).chunksDone, 7)
  assert.equal(far.kinds().filter((kind) => kind === 'engine-lost').length, 1)
})

test('should stay one that is there where nobody knows whether it came there', async (t) => {
  const far = new Far(t)
  const lost = () => Promise.reject(new RepriseError('engine', 'the connection ended'))
  const none = () => Promise.reject(new RepriseError('not-found', 'is not on this head'))
  await assert.rejects(far.handOver(far.head({ run: none, submit: lost })), /not known whether/)
  assert.equal(runState(far.run).state, 'detached')
  far.status = { state: 'interrupted' }
  const manners: unknown[] = []
  const head = far.head({
    async restart(_, how) {
      manners.push(how)
      return far.told
    },
  })
  await far.handOver(head)
  assert.deepEqual(manners, [{ engines: null, timeoutMs: null, headEngines: 2, workers: [], env: {} }])
  await assert.rejects(far.handOver(far.head({ restart: async () => answerOf(NO) as never })), /no room/)
  assert.equal(runState(far.run).state, 'detached', 'what it has of it, it has still')
})

test('should be one that failed where the head will not have it', async (t) => {
  const far = new Far(t)
  const none = () => Promise.reject(new RepriseError('not-found', 'is not on this head'))
  const refused = far.head({ run: none, submit: async () => answerOf(NO) as never })
  await assert.rejects(far.handOver(refused), /no room/)
  assert.equal(runState(far.run).state, 'failed')
})

const NO = JSON.stringify({ error: { code: 'storage', message: 'no room', subject: '', remedy: '' } })
