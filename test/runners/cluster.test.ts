/** Hosts of a cluster come, go and come back; whatever they do, every chunk is there once and what was told counts. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { RepriseError } from '../../lib/errors.ts'
import {
  type ClusterHost,
  type ClusterOptions,
  clusterLauncher,
  type HostEvent,
} from '../../runners/cluster.ts'
import { pool } from '../../runners/pool.ts'
import type { ChunkDone } from '../../runners/runner.ts'
import { openStation } from '../../runners/station/open.ts'
import { each } from '../conformance/experiments.ts'
import { type Shell, shell, shellHost } from '../conformance/hosts.ts'
import { type Hooks, record } from '../conformance/recorder.ts'
import { assign, expectedLeaves, type Made, Workshop } from '../conformance/workshop.ts'

const workshop = new Workshop()
const folder = mkdtempSync(join(tmpdir(), 'reprise-cluster-'))
after(() => workshop.close())
after(() => rmSync(folder, { recursive: true, force: true }))

const SLOWLY = 'await new Promise((resolve) => setTimeout(resolve, 10)); return [point.i, random()]'
const HASTY = { backoffMs: [50, 200] as const }

/** Executes on these hosts; every chunk has the bytes that it must have. */
async function execute(
  hosts: readonly ClusterHost[],
  made: Made,
  { hooks = {}, ...options }: ClusterOptions & { hooks?: Hooks } = {},
) {
  const events: HostEvent[] = []
  const tell = (event: HostEvent) => {
    events.push(event)
    options.tell?.(event)
  }
  const launcher = clusterLauncher(hosts, { ...HASTY, ...options, tell })
  try {
    const done = await record(pool(launcher, { engines: 16 }), assign(made), hooks, true)
    assert.deepEqual(done.aside, [])
    assert.deepEqual(
      done.delivered.map((chunk) => done.leaf(chunk)),
      await expectedLeaves(made),
    )
    return { done, events, kinds: events.map(({ kind }) => kind), traffic: launcher.traffic() }
  } finally {
    await launcher.close()
  }
}

/** A host whose stations the test can get at. */
function hostAtHand(name: string, engines: number): ClusterHost & { readonly shells: Shell[] } {
  const shells: Shell[] = []
  const open = () => {
    const opened = shell()
    shells.push(opened)
    return openStation(opened, { directory: join(folder, name) })
  }
  return { name, engines, open, shells }
}

test('should lose nothing that was told when a host is lost, and use it again when it is back', async () => {
  const made = await workshop.make(each(300, SLOWLY))
  const frail = hostAtHand('frail', 2)
  const told = new Set<number>()
  let before: ReadonlySet<number> = new Set()
  let backAt = Number.POSITIVE_INFINITY
  const again: number[] = []
  const chunk = ({ chunk }: ChunkDone) => {
    if (before.has(chunk)) again.push(chunk)
    told.add(chunk)
    if (told.size === 40) {
      before = new Set(told)
      process.kill(frail.shells.at(-1)!.child.pid!, 'SIGKILL')
    }
  }
  const tell = ({ kind }: HostEvent) => {
    if (kind === 'back') backAt = told.size
  }
  const { done, events } = await execute([frail, shellHost(folder, 'firm', 1)], made, {
    hooks: { chunk },
    tell,
  })
  const of = (host: string) =>
    events.flatMap((event) => ('host' in event && event.host === host ? [event.kind] : []))
  assert.deepEqual(of('firm'), ['supplied', 'joined'])
  assert.deepEqual(of('frail'), ['supplied', 'joined', 'lost', 'supplied', 'back'])
  assert.equal(done.losses.length, 2)
  assert.deepEqual(again, [])
  assert.ok(backAt < 300)
  const late = new Set(done.chunks.slice(backAt).map(({ engine }) => engine))
  assert.ok(late.size >= 2, 'engines of the host that is back work')
})

test('should wait while no host is there, and go on when one is', async () => {
  const made = await workshop.make(each(60, SLOWLY))
  const only = hostAtHand('only', 2)
  let told = 0
  let dead = 0
  const host: ClusterHost = {
    ...only,
    open() {
      if (told > 0 && dead++ < 3)
        throw new RepriseError('engine', 'it cannot be reached', { subject: 'only' })
      return only.open()
    },
  }
  const chunk = () => {
    if (++told === 20) process.kill(only.shells.at(-1)!.child.pid!, 'SIGKILL')
  }
  const { kinds } = await execute([host], made, { hooks: { chunk } })
  assert.deepEqual(kinds, ['supplied', 'joined', 'lost', 'waiting', 'supplied', 'back'])
  assert.equal(dead, 4)
})

test('should give up hosts that say no, at once, and go on without them', async () => {
  const made = await workshop.make(each(20, SLOWLY))
  let asked = 0
  const stranger: ClusterHost = {
    name: 'stranger',
    async open() {
      asked++
      throw new RepriseError('refused', 'its host key is not known', { subject: 'stranger' })
    },
  }
  const lame: ClusterHost = {
    name: 'lame',
    engines: 1,
    open: () =>
      openStation(shell(), { directory: join(folder, 'lame'), env: { NODE_OPTIONS: '--no-such-option' } }),
  }
  const slow = each(100, SLOWLY)
  const { events } = await execute([stranger, lame, shellHost(folder, 'good', 1)], await workshop.make(slow))
  const refused = events.flatMap((event) => (event.kind === 'refused' ? [event.error.line] : []))
  assert.equal(asked, 1)
  assert.match(refused.join('\n'), /stranger: its host key is not known/)
  assert.match(refused.join('\n'), /lame: engines cannot be started: .*no-such-option/)
  await assert.rejects(execute([stranger], made), { code: 'refused', message: 'its host key is not known' })
  await assert.rejects(execute([stranger, lame], made), {
    code: 'engine',
    message: /no host.*stranger.*lame/,
  })
})

test('should not wait for ever', async () => {
  const made = await workshop.make(each(5, SLOWLY))
  let asked = 0
  const away: ClusterHost = {
    name: 'away',
    async open() {
      asked++
      throw new RepriseError('engine', 'nothing listens there')
    },
  }
  const waiting = execute([away], made, { patienceMs: 1_000 })
  await assert.rejects(waiting, { code: 'engine', message: /for 1 s: away: nothing listens there/ })
  assert.ok(asked > 2)
})

test('should send the capsule once into a folder that hosts share', async () => {
  const made = await workshop.make(each(200, SLOWLY))
  const hosts = ['a', 'b', 'c'].map((name) => ({
    name,
    engines: 1,
    open: () => openStation(shell(), { directory: join(folder, 'shared') }),
  }))
  const { events } = await execute(hosts, made)
  const supplied = events.flatMap((event) => (event.kind === 'supplied' ? [event] : []))
  assert.equal(supplied.length, 3)
  assert.deepEqual(
    supplied.map(({ sharedWith, sent }) => [sharedWith === null, sent > 50_000]),
    [
      [true, true],
      [false, false],
      [false, false],
    ],
  )
})

test('should finish what a host has that fell silent by others, without waiting for it', async () => {
  const made = await workshop.make(each(100, SLOWLY))
  const mute = hostAtHand('mute', 1)
  let told = 0
  const chunk = () => {
    if (++told === 40) process.kill(mute.shells[0]!.child.pid!, 'SIGSTOP')
    if (told === 100) mute.shells[0]!.kill() // its engine could not end before it does
  }
  const begun = performance.now()
  try {
    const { done } = await execute([mute, shellHost(folder, 'lively', 1)], made, { hooks: { chunk } })
    assert.deepEqual(done.losses, []) // nobody has given it up yet
    assert.ok(performance.now() - begun < 40_000)
  } finally {
    for (const { child } of mute.shells) child.kill('SIGKILL')
  }
})
