/** A cluster whose list of hosts is asked for again: whoever comes is used, whoever goes takes nothing with it and is to blame for nothing. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { RepriseError } from '../../lib/errors.ts'
import { type ClusterHost, clusterLauncher, type HostEvent } from '../../runners/cluster.ts'
import { pool } from '../../runners/pool.ts'
import { each } from '../conformance/experiments.ts'
import { shellHost } from '../conformance/hosts.ts'
import { type Hooks, record } from '../conformance/recorder.ts'
import { assign, expectedLeaves, Workshop } from '../conformance/workshop.ts'

const workshop = new Workshop()
const folder = mkdtempSync(join(tmpdir(), 'reprise-cluster-list-'))
after(() => workshop.close())
after(() => rmSync(folder, { recursive: true, force: true }))

const SLOWLY = 'await new Promise((resolve) => setTimeout(resolve, 10)); return [point.i, random()]'
const host = (name: string, more: Partial<ClusterHost> = {}) => ({ ...shellHost(folder, name, 1), ...more })

interface Course {
  /** The list at the beginning, and then at each question; throws where there is none. */
  readonly list: () => readonly ClusterHost[]
  readonly hooks?: Hooks
  readonly patienceMs?: number
  readonly body?: string
  readonly chunks?: number
}

async function execute({ list, hooks = {}, patienceMs = 60_000, body = SLOWLY, chunks = 60 }: Course) {
  const made = await workshop.make(each(chunks, body))
  const events: HostEvent[] = []
  const launcher = clusterLauncher(list(), {
    backoffMs: [50, 200],
    patienceMs,
    listing: { ask: async () => list(), everyMs: 50 },
    tell: (event) => void events.push(event),
  })
  try {
    const done = await record(
      pool(launcher, { engines: Number.POSITIVE_INFINITY }),
      assign(made),
      hooks,
      true,
    )
    assert.deepEqual(done.aside, [])
    assert.deepEqual(
      done.delivered.map((chunk) => done.leaf(chunk)),
      await expectedLeaves(made),
    )
    return { done, events, traffic: launcher.traffic() }
  } finally {
    await launcher.close()
  }
}

const named = (events: readonly HostEvent[], kind: HostEvent['kind']) =>
  events.flatMap((event) => (event.kind === kind && 'host' in event ? [event.host] : []))

test('should use who comes, and have the work of who goes done by others without blame', async () => {
  // One chunk is with a host that goes, again and again: more often than a host may break under it.
  const over = join(folder, 'over')
  let round = 0
  const isOver = () => round > 6
  const body = `const { existsSync } = process.getBuiltinModule('node:fs')
    while (point.i === 0 && !existsSync(${JSON.stringify(over)})) await new Promise((resolve) => setTimeout(resolve, 20))
    return [point.i, random()]`
  const { done, events, traffic } = await execute({
    body,
    chunks: 4,
    list: () => [host(`machine-${round}`)],
    hooks: {
      // It is given its chunks at once: a moment later it has begun the first, which waits.
      engine() {
        if (isOver()) writeFileSync(over, '')
        else setTimeout(() => round++, 300)
      },
    },
  })
  const rounds = Array.from({ length: 8 }, (_, i) => `machine-${i}`)
  assert.deepEqual(named(events, 'joined'), rounds)
  assert.deepEqual(named(events, 'lost'), [])
  assert.ok(done.losses.length >= 7)
  assert.deepEqual(traffic.map(({ host }) => host).sort(), rounds)
})

test('should wait for machines while there is none, as long as it says, and no longer', async () => {
  let told = 0
  let empty = 0
  const { events } = await execute({
    list: () => (told < 20 || ++empty > 5 ? [host('one')] : []),
    hooks: { chunk: () => void told++ },
  })
  assert.deepEqual(
    events.map(({ kind }) => kind),
    ['supplied', 'joined', 'listed', 'waiting', 'listed', 'supplied', 'joined'],
  )
  const waiting = events.find((event) => event.kind === 'waiting')
  assert.deepEqual(waiting, { kind: 'waiting', hosts: [], newcomersMs: 60_000 })
  await assert.rejects(execute({ list: () => [], patienceMs: 300 }), {
    code: 'engine',
    message: /for 0\.3 s: the list of them is empty/,
    remedy: /resume the run when there are machines/,
  })
})

test('should keep the last list where it cannot be told, and say so once', async () => {
  let asked = 0
  const { events } = await execute({
    chunks: 100,
    list() {
      if (asked++ > 0 && asked < 9)
        throw new RepriseError('usage', asked < 5 ? 'no state' : 'no credentials', { subject: 'terraform' })
      return [host('one')]
    },
  })
  const complaints = events.flatMap((event) => (event.kind === 'unlisted' ? [event.why] : []))
  assert.deepEqual(complaints, ['terraform: no state', 'terraform: no credentials'])
  assert.deepEqual(named(events, 'joined'), ['one'])
})

test('should have patience with a machine that is starting, and none with one that says no', async () => {
  const attempts = { starting: 0, stranger: 0, late: 0 }
  const real = host('starting')
  const login = () =>
    new RepriseError('refused', 'ada is not let in', { cause: { level: 'client-authentication' } })
  const lacking = () => new RepriseError('not-found', 'there is no Node 20.19 or later')
  const starting = host('starting', {
    bootMs: 60_000,
    async open() {
      const failures = [new RepriseError('engine', 'nothing listens'), login(), lacking()]
      const failure = failures[attempts.starting++]
      if (failure !== undefined) throw failure
      return real.open()
    },
  })
  const refusing = (name: 'stranger' | 'late', bootMs: number, why: () => RepriseError) =>
    host(name, {
      bootMs,
      async open() {
        attempts[name]++
        throw why()
      },
    })
  const stranger = refusing('stranger', 60_000, () => new RepriseError('refused', 'another host key'))
  const { events } = await execute({ list: () => [starting, stranger, refusing('late', 0, lacking)] })
  assert.deepEqual(attempts, { starting: 4, stranger: 1, late: 1 })
  assert.deepEqual(named(events, 'absent'), [])
  assert.deepEqual(named(events, 'joined'), ['starting'])
  assert.deepEqual(named(events, 'refused').sort(), ['late', 'stranger'])
  const waiting = execute({ list: () => [stranger], patienceMs: 300 })
  await assert.rejects(waiting, { code: 'engine', message: /stranger: .*another host key/ })
})

test('should take a machine that is meant otherwise for another, whatever its name', async () => {
  let told = 0
  const { events } = await execute({
    list: () => [host('same', { meant: told < 20 ? 'key 1' : 'key 2' })],
    hooks: { chunk: () => void told++ },
  })
  assert.deepEqual(named(events, 'joined'), ['same', 'same'])
  const listed = events.flatMap((event) => (event.kind === 'listed' ? [event] : []))
  assert.deepEqual(listed, [{ kind: 'listed', hosts: 1, came: ['same'], went: ['same'] }])
})
