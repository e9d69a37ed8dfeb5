/**
 * A whole way to a head and back: our program behind a real station, through a shell of this machine. A run is handed
 * over, everything is disconnected and killed, and what comes back is what an undisturbed execution gives.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { after, type TestContext, test } from 'node:test'
import { RepriseError } from '../../../lib/errors.ts'
import type { Channel, Ending } from '../../../runners/channel.ts'
import {
  Collection,
  type CollectOptions,
  type JournalSource,
  type Kept,
} from '../../../runners/detached/collect.ts'
import { Head } from '../../../runners/detached/head.ts'
import { headProgram } from '../../../runners/detached/program.ts'
import { encodeRecord } from '../../../runners/detached/record.ts'
import { type Manner, readSubmission } from '../../../runners/detached/submission.ts'
import { openStation } from '../../../runners/station/open.ts'
import { each } from '../../conformance/experiments.ts'
import { alive, Recorder } from '../../conformance/recorder.ts'
import { assign, expectedLeaves, type Made, Workshop } from '../../conformance/workshop.ts'
import { eventually, RUN, Site, submissionOf } from './site.ts'

const workshop = new Workshop()
after(() => workshop.close())

const SLOW = each(40, 'await new Promise((go) => setTimeout(go, 15)); return random()')

/** Longer than anybody waits. */
const LONG = each(40, 'await new Promise((go) => setTimeout(go, 1500)); return random()')

/** A shell of this machine. */
function shell(): Channel {
  const child = spawn('/bin/sh', { stdio: 'pipe', detached: true })
  child.stdin.on('error', () => {})
  const ended = new Promise<Ending>((resolve) => {
    child.on('close', (code) => resolve({ how: `exit code ${code}`, unreachable: false }))
  })
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    ended,
    kill: () => child.kill('SIGKILL'),
  }
}

class Host {
  readonly directory: string
  constructor(t: TestContext) {
    this.directory = workshop.path('far')
    t.after(() => {
      for (const pid of this.supervisors()) if (alive(pid)) process.kill(pid, 'SIGKILL')
    })
  }

  async open(t: TestContext) {
    const station = await openStation(shell(), { directory: this.directory, node: process.execPath })
    t.after(() => station.close())
    const { bytes, sha256 } = await headProgram()
    const head = await Head.open(station, { path: workshop.file(`${sha256}.mjs`, bytes), sha256 })
    return { station, head }
  }

  get folder(): string {
    return join(this.directory, 'runs', RUN)
  }

  /** Process ids of supervisors that there were. */
  supervisors(): number[] {
    return [1, 2, 3, 4].flatMap((n) => {
      try {
        return [JSON.parse(readFileSync(join(this.folder, `holder.${n}`), 'utf8')).pid as number]
      } catch {
        return []
      }
    })
  }
}

function mannerOf(more: Partial<Manner>): Manner {
  return { engines: 2, timeoutMs: null, headEngines: null, workers: [], env: {}, ...more }
}

type More = Partial<CollectOptions> & { readonly kept?: Kept }

function collection(source: JournalSource, more: Partial<CollectOptions> = {}): Collection {
  return new Collection(source, {
    journal: '',
    follow: true,
    kind: 'ssh',
    engines: 2,
    check: () => {},
    ...more,
  })
}

async function collected(made: Made, source: JournalSource, { kept, ...more }: More = {}) {
  const sink = new Recorder({})
  const runner = collection(source, more)
  if (kept !== undefined) runner.begin(kept)
  await runner.execute(assign(made), sink, new AbortController().signal)
  return { sink, runner, kept: runner.kept() }
}

test('should go on without us, survive its own death, and give what it did to whoever comes', async (t) => {
  const made = await workshop.make(SLOW)
  const leaves = await expectedLeaves(made)
  const host = new Host(t)
  const capsule = { kind: 'capsule', sha256: basename(made.capsule, '.mjs'), path: made.capsule } as const
  const first = await host.open(t)
  await first.station.keep([capsule])
  const submission = submissionOf(made)
  assert.equal((await first.head.submit(submission)).state, 'running')
  assert.equal((await first.head.submit(submission)).run, RUN, 'the same again changes nothing')
  const other = first.head.submit({ ...submission, timeoutMs: 1 })
  await assert.rejects(other, (error) => error instanceof RepriseError && error.code === 'refused')
  const sink = new Recorder({})
  const stop = new AbortController()
  const source: JournalSource = (from, follow, signal) => first.head.journal(RUN, from, follow, signal)
  const attached = collection(source)
  const following = attached.execute(assign(made), sink, stop.signal)
  await eventually('something arrives', () => sink.chunks.length >= 3)
  stop.abort()
  await following
  const kept = attached.kept()
  await first.station.close()

  const [pid] = host.supervisors()
  assert.ok(alive(pid!), 'it does not end with the station')
  process.kill(pid!, 'SIGKILL')
  const second = await host.open(t)
  await eventually('it is gone', () => !alive(pid!))
  assert.equal((await second.head.run(RUN)).state, 'interrupted')
  assert.equal((await second.head.restart(RUN, mannerOf({ engines: 1 }))).state, 'running')
  const again: JournalSource = (from, follow, signal) => second.head.journal(RUN, from, follow, signal)
  const rest = await collected(made, again, { kept })
  assert.equal(rest.runner.state, 'done')
  const all = [...sink.chunks, ...rest.sink.chunks]
  assert.deepEqual(
    all.map(({ chunk }) => chunk).sort((a, b) => a - b),
    leaves.map((_, i) => i),
    'each once',
  )
  for (const { chunk, leaf } of all) assert.equal(leaf, leaves[chunk])
  const engines = [...kept.engines, ...rest.kept.engines]
  assert.ok(all.every(({ engine }) => engines.some((known) => known.engine === engine)))
  assert.deepEqual(
    (await collected(made, again)).sink.chunks.length,
    leaves.length,
    'another client gets all',
  )
  assert.deepEqual((await collected(made, again, { kept: rest.kept })).sink.chunks.length, 0, 'nothing new')
  const { run, state, done, total, name } = (await second.head.runs())[0]!
  assert.deepEqual([run, state, done, total, name], [RUN, 'done', made.chunks, made.chunks, 'test'])
  assert.deepEqual(await second.head.submission(RUN), submission)
  assert.deepEqual(await second.head.content(RUN, capsule.sha256), readFileSync(made.capsule))
  for (const run of ['20260101T000000000-abcdee', '../../..', '', `${RUN}/../${RUN}`])
    await assert.rejects(
      second.head.run(run),
      (error) => error instanceof RepriseError && error.code === 'not-found',
    )
  await assert.rejects(second.head.content(RUN, 'f'.repeat(64)), /no content of this run/)
  writeFileSync(join(host.folder, `${capsule.sha256}.mjs`), 'another')
  await assert.rejects(second.head.content(RUN, capsule.sha256), /is not the file with SHA-256/)
})

test('should stop at a wish to cancel, and refuse what is not there as it was named', async (t) => {
  const made = await workshop.make(LONG)
  const host = new Host(t)
  const { head, station } = await host.open(t)
  const submission = submissionOf(made)
  await assert.rejects(head.submit(submission), /ENOENT|not/, 'the capsule was not brought')
  mkdirSync(join(host.directory, 'capsules'), { recursive: true })
  const capsule = { kind: 'capsule', sha256: submission.capsule, path: made.capsule } as const
  await station.keep([capsule])
  await head.submit(submission)
  await head.cancel(RUN)
  const source: JournalSource = (from, follow, signal) => head.journal(RUN, from, follow, signal)
  const { runner } = await collected(made, source)
  assert.equal(runner.state, 'cancelled')
  assert.equal((await head.restart(RUN, mannerOf({ timeoutMs: 60_000 }))).state, 'running')
  assert.equal((await head.run(RUN)).state, 'running', 'it does not heed the wish from before')
  assert.equal(readSubmission(host.folder).timeoutMs, 60_000)
  await head.cancel(RUN)
})

test('should take nothing from a journal that lies', async (t) => {
  const made = await workshop.make(SLOW)
  const site = new Site(t, workshop, made)
  assert.equal((await site.start().ended).code, 0)
  const whole = readFileSync(join(site.folder, 'journal.1'))
  const from = (...pieces: Uint8Array[]): JournalSource =>
    async function* () {
      yield* pieces
    }
  const end = encodeRecord({ type: 'caught-up', state: 'done', reason: null })
  assert.equal((await collected(made, from(whole, end))).sink.chunks.length, made.chunks)
  const changed = Buffer.from(whole)
  changed[changed.length - 300]! ^= 1
  const asked = (chunk: number) => {
    if (chunk > 2) throw new RepriseError('not-intact', 'has a chunk that was not asked for')
  }
  for (const [source, more, words] of [
    [from(changed, end), {}, /journal: |digest|no record/],
    [from(whole), {}, /ended before all was collected/],
    [from(whole.subarray(0, whole.length / 2)), {}, /ended before all was collected/],
    [from(whole, end), { check: ({ chunk }) => asked(chunk) }, /not asked for/],
    [
      from(
        encodeRecord({ type: 'began', segment: 2, time: '', engines: 1 }),
        encodeRecord({ type: 'began', segment: 1, time: '', engines: 1 }),
      ),
      {},
      /goes back/,
    ],
  ] as [JournalSource, Partial<CollectOptions>, RegExp][])
    await assert.rejects(
      collected(made, source, more),
      (error) => error instanceof RepriseError && words.test(error.message),
    )
})
