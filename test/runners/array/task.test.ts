/**
 * Tasks of an array, by the program that travels: what they put is what an undisturbed execution gives; what is there is not
 * executed again; who is killed loses only what was not yet put; and what went wrong is said.
 */

import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { orderKey, partKey } from '../../../runners/array/layout.ts'
import { IN_VAIN } from '../../../runners/cloud/container.ts'
import { DRAWS, each } from '../../conformance/experiments.ts'
import { alive } from '../../conformance/recorder.ts'
import { digestOf, expectedLeaves, type Made, Workshop } from '../../conformance/workshop.ts'
import { canTrace, faulty } from '../../faults.ts'
import { Tasks } from './tasks.ts'

const workshop = new Workshop()
after(() => workshop.close())

const SLOW = each(40, 'await new Promise((go) => setTimeout(go, 15)); return random()')
if (!canTrace) console.log('SKIPPING the full disk of a task: strace is not here, or may not trace')

/** Each chunk once, with the leaf that it must have. */
async function assertWhole(tasks: Tasks, leaves: readonly string[]): Promise<void> {
  const chunks = await tasks.chunks()
  assert.deepEqual(
    chunks.map(({ chunk }) => chunk).sort((a, b) => a - b),
    leaves.map((_, i) => i),
  )
  for (const { chunk, leaf } of chunks) assert.equal(leaf, leaves[chunk])
}

async function until(what: string, ask: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 120_000
  while (!(await ask())) {
    assert.ok(performance.now() < end, `waited in vain until ${what}`)
    await sleep(20)
  }
}

test('should execute its batch by the program that travels, and nothing of it again', async (t) => {
  const made = await workshop.make(DRAWS)
  const leaves = await expectedLeaves(made)
  const tasks = new Tasks(t, workshop)
  const half = made.chunks / 2
  await tasks.order(made, {
    tasks: [
      [[0, half - 1]],
      [
        [made.chunks - 1, half + 1],
        [half, half],
      ],
    ],
  })
  for (const index of [1, 0]) {
    const { code, words } = await (await tasks.bundled(index)).ended
    assert.equal(code, 0, words)
  }
  await assertWhole(tasks, leaves)
  const ends = await tasks.ends()
  assert.deepEqual(ends.map(({ job, state, chunks }) => [job, state, chunks]).sort(), [
    ['9_0', 'completed', half],
    ['9_1', 'completed', half],
  ])
  for (const { host, node, restarts, cpuMs, maxRssBytes, words, started, ended } of ends) {
    assert.deepEqual([host, node, restarts, words], [hostname(), 'n1', 0, null])
    assert.ok(cpuMs! > 50 && cpuMs! < 100_000, `${cpuMs} ms`)
    assert.ok(maxRssBytes! > 100e6 && maxRssBytes! < 5e9, `${maxRssBytes} bytes: of three processes`)
    assert.ok(started < ended && !Number.isNaN(Date.parse(ended)))
  }
  const again = await (await tasks.bundled(0, 1)).ended
  assert.equal(again.code, 0)
  assert.match(again.words, /task 0: 15 chunks, 15 of them there/)
  await assertWhole(tasks, leaves)
  const [last] = (await tasks.ends()).filter(({ restarts }) => restarts === 1)
  assert.deepEqual([last!.state, last!.chunks], ['completed', 0])
})

test('should go on after kill -9 and execute nothing again that was put', async (t) => {
  const made = await workshop.make(SLOW)
  const tasks = new Tasks(t, workshop)
  await tasks.order(made)
  for (const [restarts, count] of [3, 12].entries()) {
    const { child, ended } = tasks.soon(0, restarts)
    await until(`${count} chunks are put`, async () => (await tasks.chunks()).length >= count)
    child.kill('SIGKILL')
    await ended
    const told = await tasks.told()
    const pids = told.flatMap((one) => (one.type === 'engine' ? [one.started.pid] : []))
    await until('its engines are gone', async () => !pids.some(alive))
  }
  assert.deepEqual(await tasks.ends(), [], 'who was killed says nothing')
  const { code, words } = await tasks.soon(0, 2).ended
  assert.equal(code, 0, words)
  await assertWhole(tasks, await expectedLeaves(made))
  assert.equal(new Set((await tasks.chunks()).map(({ writer }) => writer)).size, 3)
})

test('should put what is done when it is told to end, and say so', async (t) => {
  const made = await workshop.make(SLOW)
  const leaves = await expectedLeaves(made)
  for (const signal of ['SIGTERM', 'SIGUSR1'] as const) {
    const tasks = new Tasks(t, workshop)
    await tasks.order(made)
    const { child, ended } = tasks.soon()
    await until('something is put', async () => (await tasks.chunks()).length > 0)
    child.kill(signal)
    assert.equal((await ended).code, { SIGTERM: 143, SIGUSR1: 138 }[signal])
    const [end] = await tasks.ends()
    const chunks = await tasks.chunks()
    assert.deepEqual(
      [end!.state, end!.words, end!.chunks],
      ['stopped', `it was sent ${signal}`, chunks.length],
    )
    assert.ok(chunks.length < leaves.length)
    assert.equal((await tasks.soon(0, 1).ended).code, 0)
    await assertWhole(tasks, leaves)
  }
})

test('should ignore what is not the part that it is named to be, and say so', async (t) => {
  const made = await workshop.make(SLOW)
  const leaves = await expectedLeaves(made)
  const tasks = new Tasks(t, workshop)
  await tasks.order(made)
  assert.equal((await tasks.soon().ended).code, 0)
  const [key] = await tasks.parts()
  const bytes = readFileSync(join(tasks.folder, key!))
  await tasks.store.remove('parts/')
  for (const [seq, wrong] of [
    [0, Buffer.from('no part')],
    [1, bytes.subarray(0, -1)],
  ] as const)
    await tasks.store.put(partKey(1, 0, 'ab', seq, seq === 0 ? digestOf(wrong) : digestOf(bytes)), wrong)
  const { code, words } = await tasks.soon(0, 1).ended
  assert.equal(code, 0)
  assert.match(words, /ignored .* holds what is no record|ignored .*ends in the midst of a record/)
  assert.match(words, /ignored .*is not the one of its digest/)
  await tasks.store.remove('parts/1/0.ab.')
  await assertWhole(tasks, leaves)
  const logs = (await tasks.told()).flatMap((told) => (told.type === 'log' ? [told.line.text] : []))
  assert.equal(logs.filter((text) => text.startsWith('ignored')).length, 2)
})

test('should give up a chunk whose jobs hang, and deliver the rest', async (t) => {
  const made = await workshop.make(
    each(6, 'if (point.i === 2) for (;;); console.log("said " + point.i); return random()'),
  )
  const tasks = new Tasks(t, workshop)
  await tasks.order(made, { timeoutMs: 1_000 })
  const { code } = await tasks.soon().ended
  assert.equal(code, 0)
  const told = await tasks.told()
  const chunks = await tasks.chunks()
  assert.deepEqual([...new Set(chunks.map(({ chunk }) => chunk))].sort(), [0, 1, 3, 4, 5])
  const aside = told.filter((one) => one.type === 'set-aside')
  assert.deepEqual(
    aside.map(({ chunk }) => chunk),
    [2],
  )
  assert.ok(told.some((one) => one.type === 'lost' && /took longer than 1 s/.test(one.reason)))
  assert.ok(told.some((one) => one.type === 'log' && one.line.text.includes('said 5')))
  const [end] = await tasks.ends()
  assert.deepEqual([end!.state, end!.words], ['completed', '1 chunks are set aside'])
})

test('should end with what is wrong where no engine can work', async (t) => {
  const good = await workshop.make(SLOW)
  const bad: Made = { ...good, capsule: workshop.file('bad.mjs', 'throw new Error("it does not load")') }
  const absent: Made = { ...good, capsule: '/nowhere/capsule.mjs' }
  for (const [made, what] of [
    [bad, /it does not load/],
    [absent, /nowhere/],
  ] as const) {
    const tasks = new Tasks(t, workshop)
    await tasks.order(made)
    const { code, words } = await tasks.soon().ended
    assert.equal(code, 1)
    assert.match(words, what)
    const [end] = await tasks.ends()
    assert.equal(end!.state, 'failed')
    assert.match(end!.words!, what)
  }
})

test('should end with what is wrong with its order or its words', async (t) => {
  const made = await workshop.make(SLOW)
  const tasks = new Tasks(t, workshop)
  const absent = await tasks.soon().ended
  assert.equal(absent.code, IN_VAIN)
  assert.match(absent.words, /order\.json: is not in the store/)
  await tasks.order(made)
  const none = await tasks.soon(7).ended
  assert.equal(none.code, IN_VAIN)
  assert.match(none.words, /has no task 7/)
  const broken = new Tasks(t, workshop)
  await broken.store.put(orderKey(1), Buffer.from('{"format":"reprise/array/1"}'))
  assert.match((await broken.soon().ended).words, /order\.json: cannot be read: hash/)
  const wrong = await (await tasks.bundled(-1)).ended
  assert.equal(wrong.code, 1)
  assert.match(wrong.words, /Error: words of a task: name no index/)
})

test('should probe an environment once, and say what was found', async (t) => {
  const made = await workshop.make(
    each(8, 'return random()', '', "probes: { a: ['sh', '-c', 'echo probed'] },"),
  )
  const tasks = new Tasks(t, workshop)
  await tasks.order(made, { tasks: [[[0, 3]], [[4, 7]]] })
  assert.equal((await tasks.soon(0).ended).code, 0)
  assert.equal((await tasks.store.list('probed/')).length, 1)
  assert.equal((await tasks.soon(1).ended).code, 0)
  const found = (await tasks.told()).flatMap((told) => (told.type === 'probed' ? [told.found] : []))
  assert.deepEqual(
    found.map(({ outcomes }) => outcomes.map(({ text }) => text)),
    [['probed\n']],
  )
  assert.deepEqual(await tasks.store.list('probed/'), [`probed/${digestOf(found[0]!.environment)}`])
  await assertWhole(tasks, await expectedLeaves(made))
})

test('should stop at a disk that says no, with words, and go on when there is room', {
  skip: !canTrace,
}, async (t) => {
  const made = await workshop.make(SLOW)
  const leaves = await expectedLeaves(made)
  for (const fault of ['fsync:error=EIO:when=8+', 'fsync:error=ENOSPC:when=9', 'link:signal=KILL:when=3']) {
    const tasks = new Tasks(t, workshop)
    await tasks.order(made)
    const { code, words } = await tasks.soon(0, 0, faulty(fault)).ended
    assert.notEqual(code, 0)
    if (!fault.includes('KILL')) {
      assert.equal(code, 1)
      assert.match(words, /failed: .*(EIO|ENOSPC).*See that the shared folder has room/)
    }
    const before = await tasks.chunks() // what is there is whole
    assert.ok(before.length < leaves.length, `${fault}: ${before.length} chunks`)
    writeFileSync(join(tasks.folder, '.rest'), '') // what others leave is no key
    assert.equal((await tasks.soon(0, 1).ended).code, 0)
    await assertWhole(tasks, leaves)
  }
})
