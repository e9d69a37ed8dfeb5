/** The array engine where things go wrong, as they do in clusters: what is said stays true, and nothing is started twice. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TaskLook } from '../../../runners/array/engine.ts'
import { refused } from '../../kubernetes/engine-suite.ts'
import { startKubernetes } from '../../kubernetes/server.ts'
import { allAre, engineAt, newName, type Site, submitted, untilTasks } from '../../kubernetes/stage.ts'
import { until } from '../../sshd/processes.ts'

const siteOf = ({ kubeconfig }: { kubeconfig: string }): Site => ({ wishes: { kubeconfig } })

test('should submit once, whatever becomes of the answer', async (t) => {
  const cluster = await startKubernetes(t)
  const engine = engineAt(t, siteOf(cluster))
  await engine.probe()
  const order = { name: newName(), array: 1, count: 1 }
  cluster.faults.planned.push({ trouble: 'lose-before', verb: 'create', resource: 'jobs' })
  await refused(engine.submit(order), 'engine', /does not answer: /)
  assert.equal(await engine.find(order.name), null)
  cluster.faults.planned.push({ trouble: 'lose-after', verb: 'create', resource: 'jobs' })
  await refused(engine.submit(order), 'engine', /does not answer: /)
  assert.equal(await engine.find(order.name), order.name)
  assert.equal(await engine.submit(order), order.name)
  assert.equal(cluster.jobs.length, 1)
  cluster.faults.planned.push({ trouble: 'too-many', verb: 'create', resource: 'jobs' })
  await refused(
    engine.submit({ ...order, name: newName() }),
    'busy',
    /^has no room now: the server has received too many/,
  )
  cluster.faults.planned.push({ trouble: 'error', verb: 'create', resource: 'jobs' })
  await refused(engine.submit({ ...order, name: newName() }), 'engine', /^cannot answer now: Internal error/)
  cluster.faults.planned.push({ trouble: 'too-many', verb: 'get', resource: 'jobs' })
  assert.equal(await engine.find(order.name), order.name)
  cluster.faults.planned.push({ trouble: 'lose-after', verb: 'delete', resource: 'jobs' })
  await refused(engine.cancel([order.name]), 'engine', /does not answer: /)
  for (const trouble of ['too-many', 'error'] as const)
    cluster.faults.planned.push({ trouble, verb: 'delete', resource: 'jobs' })
  await engine.cancel([order.name])
})

test('should end the others though one cannot be ended', async (t) => {
  const cluster = await startKubernetes(t)
  const engine = engineAt(t, siteOf(cluster), {}, { manner: 'wait' })
  const handles: string[] = []
  for (let n = 0; n < 10; n++) handles.push(await submitted(engine, { array: n + 1 }))
  cluster.faults.planned.push({ trouble: 'lose-before', verb: 'delete', resource: 'jobs' })
  await refused(engine.cancel(handles), 'engine', /does not answer: /)
  await until('all but one to be gone', () => cluster.jobs.length === 1)
  await engine.cancelAll!()
  await until('that one to be gone', () => cluster.jobs.length === 0)
})

test('should be busy where a quota is used up', async (t) => {
  const cluster = await startKubernetes(t, { quota: { 'count/jobs.batch': '1' } })
  const engine = engineAt(t, siteOf(cluster))
  await submitted(engine)
  await refused(submitted(engine), 'busy', /exceeded quota: quota, requested: count\/jobs\.batch=1/)
})

test('should see all tasks through watches that break, expire and are refused', async (t) => {
  const cluster = await startKubernetes(t, { history: 40 })
  const { faults } = cluster
  Object.assign(faults, { watchEvents: 7, goneWatches: 6, goneAs: 'event', retryAfter: 0.05 })
  faults.shares = { 'lose-before': 0.1, 'lose-after': 0.1, 'too-many': 0.1, error: 0.1 }
  const engine = engineAt(
    t,
    siteOf(cluster),
    {},
    { patience: { ask: 20_000, sync: 60_000, stale: 60_000, backoff: 100 } },
  )
  const name = newName()
  const order = { name, array: 1, count: 24 }
  await until('it to be submitted', () => engine.submit(order).then(Boolean, () => false))
  let looks: ReadonlyMap<number, TaskLook> = new Map()
  await until('all to complete', async () => {
    if (faults.goneWatches === 0 && faults.goneAs === 'event')
      Object.assign(faults, { goneWatches: 3, goneAs: 'status' })
    looks = (await engine.status([name])).get(name) ?? new Map()
    return looks.size === 24 && [...looks.values()].every(({ state }) => state === 'completed')
  })
  assert.equal(cluster.pods.length, 24)
  assert.deepEqual([...looks.keys()], [...Array(24).keys()])
  faults.shares = {}
  assert.equal((await engine.collect(name)).length, 24)
})

test('should complete what is taken away, and tell of it meanwhile', async (t) => {
  const cluster = await startKubernetes(t, { seed: 'taken away' })
  Object.assign(cluster.faults, { evict: 0.3, lose: 0.3, duplicate: 0.3, strikeMs: [0, 20] })
  const engine = engineAt(t, siteOf(cluster))
  const handle = await submitted(engine, { count: 20 })
  const states = new Set<string>()
  const words = new Set<string>()
  await untilTasks(engine, handle, 'all to complete', (looks) => {
    for (const look of looks) {
      states.add(look.state)
      if (look.words !== null) words.add(look.words.split(':')[0]!)
    }
    return allAre('completed', 20)(looks)
  })
  for (const state of states) assert.ok(['pending', 'running', 'completed'].includes(state), state)
  assert.ok(cluster.requests.length < 400, `${cluster.requests.length} requests`)
})

test('should tell what ended a task for good', async (t) => {
  const cluster = await startKubernetes(t)
  Object.assign(cluster.faults, { oom: 1, strikeMs: [0, 1] })
  const engine = engineAt(t, siteOf(cluster), {}, { manner: 'wait' })
  const oom = await submitted(engine, { array: 1, count: 2 })
  const looks = await untilTasks(engine, oom, 'both to have been too large', allAre('out-of-memory', 2))
  assert.deepEqual(
    looks.map(({ words }) => words),
    ['OOMKilled', 'OOMKilled'],
  )
  Object.assign(cluster.faults, { oom: 0, kill: 1 })
  const killed = await submitted(engine, { array: 2 })
  const [look] = await untilTasks(engine, killed, 'it to be killed', allAre('failed', 1))
  assert.match(look!.words!, /^Error, exit code 137/)
  assert.deepEqual(
    (await engine.collect(killed)).map(({ state, exit }) => [state, exit]),
    [['failed', '137']],
  )
})

test('should know the end of tasks whose Job is deleted before anybody asked', async (t) => {
  const cluster = await startKubernetes(t)
  const engine = engineAt(t, siteOf(cluster))
  const first = await submitted(engine, { array: 1, count: 3 })
  await untilTasks(engine, first, 'all to complete', allAre('completed', 3))
  cluster.faults.ttlMs = 0
  const second = await submitted(engine, { array: 2, count: 3 })
  await until('it to be deleted', () => !cluster.jobs.some(({ metadata }) => metadata.name === second))
  const looks = await untilTasks(engine, second, 'all to be known', allAre('completed', 3))
  assert.equal(looks.length, 3)
  assert.equal((await engine.collect(second)).length, 3)
  const late = engineAt(t, siteOf(cluster))
  const known = await late.status([first, second])
  assert.equal(known.get(first)?.size, 3)
  assert.deepEqual([...(known.get(second) ?? [])], [])
})

test('should keep Jobs that are over until all is told, and a day longer', async (t) => {
  const cluster = await startKubernetes(t)
  const engine = engineAt(t, siteOf(cluster))
  const handle = await submitted(engine, { count: 2 })
  await untilTasks(engine, handle, 'both to complete', allAre('completed', 2))
  const ttl = () => cluster.jobs[0]!.spec.ttlSecondsAfterFinished
  assert.equal(ttl(), undefined)
  await engine.collect(handle)
  assert.equal(ttl(), 86_400)
})

for (const minor of [25, 27])
  test(`should do without what Kubernetes 1.${minor} does not have`, async (t) => {
    const cluster = await startKubernetes(t, { minor })
    const engine = engineAt(t, siteOf(cluster))
    const failing = engineAt(t, siteOf(cluster), {}, { manner: 'fail' })
    const well = await submitted(engine, { array: 1, count: 3 })
    const bad = await submitted(failing, { array: 2, count: 1 })
    await untilTasks(engine, well, 'all to complete', allAre('completed', 3))
    await untilTasks(failing, bad, 'it to be given up', allAre('failed', 1))
    assert.equal((await failing.logs(2, 0)).length > 0, true)
  })
