/**
 * A supervisor of a detached run, killed and disturbed: what is durable is not executed again, the leaves are those that
 * they must be, nobody supervises beside another, and a disk that says no is told.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { RepriseError } from '../../../lib/errors.ts'
import { currentHolder, takeHold } from '../../../runners/detached/holder.ts'
import { CANCEL, farRun } from '../../../runners/detached/status.ts'
import { chunksIn, chunksOf, rangesOf, submissionPath } from '../../../runners/detached/submission.ts'
import { supervise } from '../../../runners/detached/supervise.ts'
import { leafOf } from '../../../runners/protocol.ts'
import type { Runner } from '../../../runners/runner.ts'
import { each } from '../../conformance/experiments.ts'
import { alive } from '../../conformance/recorder.ts'
import { expectedLeaves, type Made, Workshop } from '../../conformance/workshop.ts'
import { canTrace, faulty } from '../../faults.ts'
import { eventually, folderIn, RUN, Site, submissionOf } from './site.ts'

const workshop = new Workshop()
after(() => workshop.close())

const SLOW = each(40, 'await new Promise((go) => setTimeout(go, 15)); return random()')
if (!canTrace) console.log('SKIPPING the full disk of a supervisor: strace is not here, or may not trace')

function assertWhole(site: Site, leaves: readonly string[]): void {
  const chunks = site.chunks()
  assert.deepEqual(
    chunks.map(({ chunk }) => chunk).sort((a, b) => a - b),
    leaves.map((_, i) => i),
    'each chunk once',
  )
  for (const { chunk, leaf } of chunks) assert.equal(leaf, leaves[chunk])
  assert.equal(farRun(site.folder).state, 'done')
  assert.equal(farRun(site.folder).done, leaves.length)
}

test('should go on after kill -9 and execute nothing again that is durable', async (t) => {
  const made = await workshop.make(SLOW)
  const site = new Site(t, workshop, made)
  for (const count of [3, 12]) {
    const { child, ended } = site.start()
    await eventually(`${count} chunks are durable`, () => site.chunks().length >= count)
    assert.equal(farRun(site.folder).state, 'running')
    child.kill('SIGKILL')
    await ended
    assert.equal(farRun(site.folder).state, 'interrupted')
    const pids = site.told().flatMap((told) => (told.type === 'engine' ? [told.started.pid] : []))
    await eventually('its engines are gone', () => !pids.some(alive))
  }
  const { code, words } = await site.start().ended
  assert.deepEqual([code, words], [0, ''])
  assertWhole(site, await expectedLeaves(made))
  const engines = site.told().flatMap((told) => (told.type === 'engine' ? [told.started.engine] : []))
  assert.equal(new Set(engines).size, engines.length, 'a number means one engine')
  assert.deepEqual(new Set(site.chunks().map((one) => one.in)), new Set([1, 2, 3]))
})

test('should stop clean at a full disk, say so, and go on when there is room', {
  skip: !canTrace,
}, async (t) => {
  const made = await workshop.make(SLOW)
  const leaves = await expectedLeaves(made)
  for (const fault of [
    'write:error=ENOSPC:when=12+',
    'fdatasync:error=EIO:when=4',
    'fdatasync:signal=KILL:when=6',
  ]) {
    const site = new Site(t, workshop, made)
    const path = join(site.folder, 'journal.1')
    const { code } = await site.start([...faulty(fault), '-P', path]).ended
    const { state, reason, done } = farRun(site.folder)
    if (fault.includes('KILL')) assert.equal(state, 'interrupted')
    else {
      assert.equal(code, 1)
      assert.equal(state, 'failed')
      assert.match(reason!, /ENOSPC|EIO/)
      assert.match(reason!, /Then resume/)
    }
    const before = site.chunks().length
    assert.ok(done <= before && before < leaves.length, `${fault}: ${done} told, ${before} there`)
    assert.equal((await site.start().ended).code, 0)
    assertWhole(site, leaves)
  }
})

/** Twenty chunks of noise, which never end by themselves at a disk that is smaller. */
function noise(folder: string, more: Partial<Runner> = {}) {
  const runner: Runner = {
    kind: 'local',
    engines: 1,
    async execute({ chunks }, sink, signal) {
      for (const chunk of chunks) {
        if (signal.aborted) return
        const bytes = randomBytes(20_000)
        sink.chunk({ chunk, bytes, leaf: leafOf(bytes), failed: 0, ms: 1, engine: 1, stacks: [] })
        await sleep(30)
      }
    },
    ...more,
  }
  const text = { hash: '0'.repeat(64), capsule: '', chunks: 20 }
  mkdirSync(folder, { recursive: true })
  const submission = { ...submissionOf(text as Made), capsule: '1'.repeat(64) }
  writeFileSync(submissionPath(folder), JSON.stringify(submission))
  const hosts = new Map([['the head', '1 engine']])
  return () => supervise(folder, () => ({ capsule: '', inputs: {}, runner, hosts, close() {} }))
}

test('should say on a disk that is really full that it is', async (t) => {
  const disk = workshop.path('disk')
  mkdirSync(disk)
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=160k', 'none', disk]).status !== 0)
    return console.log('SKIPPING a disk that is really full: no file system may be mounted here')
  t.after(() => spawnSync('umount', [disk]))
  const folder = join(disk, RUN)
  const go = noise(folder)
  assert.equal(await go(), 'failed')
  const { state, reason } = farRun(folder)
  assert.equal(state, 'failed')
  assert.match(reason!, /ENOSPC.*Then resume/)
  assert.equal(currentHolder(folder), null)
  assert.throws(() => {
    writeFileSync(join(disk, 'fill'), Buffer.alloc(200_000))
  }, /ENOSPC/)
  await assert.rejects(go(), (error) => error instanceof RepriseError && error.code === 'storage')
  assert.equal(farRun(folder).state, 'failed')
})

test('should have been cancelled though the wish was withdrawn before it had stopped', async () => {
  const folder = join(folderIn(workshop), RUN)
  const go = noise(folder, {
    async execute(_, __, signal) {
      writeFileSync(join(folder, CANCEL), '')
      while (!signal.aborted) await sleep(10)
      rmSync(join(folder, CANCEL))
      await sleep(1_200) // it is looked for again meanwhile
    },
  })
  assert.equal(await go(), 'cancelled')
})

test('should let nobody supervise beside another, and heed a wish to cancel', async (t) => {
  const gate = workshop.path('gate') // without it the run would be over before a second process begins, where much goes on
  const waits = `while (point.i > 7 && !existsSync(${JSON.stringify(gate)})) await new Promise((go) => setTimeout(go, 15))`
  const made = await workshop.make(
    each(40, `${waits}; return random()`, `import { existsSync } from 'node:fs'`),
  )
  const site = new Site(t, workshop, made)
  const first = site.start()
  await eventually('it has begun', () => site.chunks().length > 0)
  const second = await site.start().ended
  assert.equal(second.code, 1)
  assert.match(second.words, new RegExp(`executed by process ${first.child.pid} `))
  writeFileSync(join(site.folder, CANCEL), '')
  assert.equal((await first.ended).code, 130)
  assert.equal(farRun(site.folder).state, 'cancelled')
  assert.equal(currentHolder(site.folder), null)
  rmSync(join(site.folder, CANCEL))
  writeFileSync(gate, '')
  assert.equal((await site.start().ended).code, 0)
  assertWhole(site, await expectedLeaves(made))
})

test('should give a run to one of many that want it at once, and take it from one who is gone', () => {
  const folder = folderIn(workshop)
  const hold = takeHold(folder, () => {})
  assert.throws(() => takeHold(folder, () => {}), /is being executed by process/)
  hold.release()
  const other = takeHold(folder, () => {})
  assert.ok(other.segment > hold.segment)
  other.release()
  const dead = {
    pid: process.pid,
    host: 'h',
    since: '',
    boot: null,
    table: null,
    started: 'x',
    released: false,
  }
  writeFileSync(join(folder, 'holder.9'), JSON.stringify(dead))
  assert.throws(
    () => takeHold(folder, () => {}),
    /executed by/,
    'of another host nothing is known but its beat',
  )
  spawnSync('touch', ['-d', '2 minutes ago', join(folder, 'holder.9')])
  assert.equal(takeHold(folder, () => {}).segment, 10)
})

test('should write chunks as ranges in the order in which they go', () => {
  for (const chunks of [
    [],
    [5],
    [0, 1, 2, 3],
    [3, 2, 1, 0],
    [0, 1, 5, 6, 9],
    [9, 6, 5, 1, 0],
    [1, 2, 1, 0],
  ]) {
    assert.deepEqual([...chunksOf(rangesOf(chunks))], chunks)
    assert.equal(chunksIn(rangesOf(chunks)), chunks.length)
  }
  assert.deepEqual(rangesOf([3, 2, 1, 0]), [[3, 0]])
})
