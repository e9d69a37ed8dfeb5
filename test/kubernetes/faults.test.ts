/** Each fault once, and what a Job's own rules make of it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../sshd/processes.ts'
import { ask, clientsOf, condition, JOBS, jobOf, namespace } from './asking.ts'
import { Faults, type Strike } from './faults.ts'
import { isOver } from './scheduler.ts'
import { problemsOf } from './schema.ts'
import { type KubernetesStandIn, startKubernetes } from './server.ts'
import { conditionOf, type Pod } from './things.ts'

const WAITS = 'setTimeout(() => {}, 60)'
const LASTS = 'setInterval(() => {}, 1e3)'
const ignored = {
  podFailurePolicy: {
    rules: [
      { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
      { action: 'FailIndex', onExitCodes: { operator: 'In', values: [78] } },
    ],
  },
}

const create = (cluster: KubernetesStandIn, wanted: Parameters<typeof jobOf>[0]) =>
  clientsOf(cluster).batch.createNamespacedJob({ namespace, body: jobOf(wanted) })

const terminated = (cluster: KubernetesStandIn) =>
  cluster.pods.map((pod) => pod.status.containerStatuses?.[0]?.state.terminated)

test('should strike pods: killed, out of memory, evicted, their node lost', async (t) => {
  const cluster = await startKubernetes(t)
  const { faults } = cluster
  faults.strikeMs = [0, 0]
  const over: Pod[] = []
  cluster.registry.listen(({ resource, object, type }) => {
    if (resource !== 'pods') return
    assert.deepEqual(problemsOf('Pod', object), [])
    if (type === 'MODIFIED' && isOver(object as Pod)) over.push(object as Pod)
  })
  const struck = async (how: Strike) => {
    faults[how] = 1
    over.length = 0
    const spec = { backoffLimitPerIndex: 0, ...(how === 'lose' ? {} : ignored) }
    await create(cluster, { name: how, count: 1, script: LASTS, spec })
    const pod = await until(`a pod to be over by ${how}`, () => over[0], 10_000)
    faults[how] = 0
    return pod
  }
  const clear = async (how: Strike) => {
    await ask(cluster, 'DELETE', `${JOBS}/${how}?propagationPolicy=Background`)
    await until('it to be gone', () => cluster.pods.length === 0)
  }
  const killed = await struck('kill')
  assert.deepEqual([terminated(cluster)[0]?.exitCode, terminated(cluster)[0]?.reason], [137, 'Error'])
  assert.equal(conditionOf(killed, 'DisruptionTarget'), undefined)
  await condition(cluster, 'Failed', 'kill')
  await clear('kill')
  await struck('oom')
  assert.deepEqual([terminated(cluster)[0]?.exitCode, terminated(cluster)[0]?.reason], [137, 'OOMKilled'])
  await clear('oom')
  const evicted = await struck('evict')
  assert.deepEqual(
    [evicted.status.reason, conditionOf(evicted, 'DisruptionTarget')?.reason],
    ['Evicted', 'TerminationByKubelet'],
  )
  await until('it to be tried again, at nobody’s cost', () => cluster.pods.length === 2)
  assert.deepEqual([cluster.jobs[0]?.status.failed, cluster.jobs[0]?.status.failedIndexes], [undefined, ''])
  await clear('evict')
  const lost = await struck('lose')
  assert.equal(conditionOf(lost, 'DisruptionTarget')?.reason, 'DeletionByPodGC')
  await until('the pod to be deleted', () => cluster.pods.length === 0)
})

test('should complete a Job of which some pods are killed, at the latest as they end', async (t) => {
  const cluster = await startKubernetes(t)
  Object.assign(cluster.faults, { kill: 0.4, strikeMs: [0, 60_000] })
  await create(cluster, { count: 8, script: WAITS, spec: { backoffLimitPerIndex: 10 } })
  const { status } = await condition(cluster, 'Complete')
  const killed = Array.from({ length: 8 }, (_, index) => {
    let times = 0
    while (cluster.faults.strikeOf(1, index, times) !== null) times++
    return times
  })
  assert.deepEqual([status.succeeded, status.failed], [8, killed.reduce((sum, times) => sum + times)])
})

test('should draw the same faults of the same seed, as many as was said', () => {
  const drawn = (seed: string) => {
    const faults = Object.assign(new Faults(seed), { kill: 0.2, evict: 0.1, duplicate: 0.1 })
    return Array.from(
      { length: 1000 },
      (_, index) => [faults.strikeOf(1, index, 0), faults.isDoubled(1, index)] as const,
    )
  }
  const once = drawn('a')
  assert.deepEqual(once, drawn('a'))
  assert.notDeepEqual(once, drawn('b'))
  const share = (test: (each: (typeof once)[number]) => boolean) => Math.round(once.filter(test).length / 50)
  assert.deepEqual(
    [
      share(([each]) => each?.strike === 'kill'),
      share(([each]) => each?.strike === 'evict'),
      share(([, twin]) => twin),
    ],
    [4, 2, 2],
  )
})

test('should fail an index by its exit code, and a Job by its indices', async (t) => {
  const cluster = await startKubernetes(t)
  const script = "process.exitCode = process.env.JOB_COMPLETION_INDEX === '1' ? 78 : 0"
  await create(cluster, { count: 3, script, spec: ignored })
  const { status } = await condition(cluster, 'Failed')
  assert.deepEqual([status.completedIndexes, status.failedIndexes, status.failed], ['0,2', '1', 1])
  assert.deepEqual(status.conditions?.map(({ type, reason }) => [type, reason]), [['FailureTarget', 'FailedIndexes'], ['Failed', 'FailedIndexes']]) // biome-ignore format: a list
})

test('should fail a Job that failed too often, and end its other pods', async (t) => {
  const cluster = await startKubernetes(t)
  const script = `if (process.env.JOB_COMPLETION_INDEX === '1') process.exit(1); ${LASTS}`
  const spec = { backoffLimitPerIndex: undefined as never, backoffLimit: 1 }
  await create(cluster, { count: 2, script, spec })
  const { status } = await condition(cluster, 'Failed')
  assert.equal(status.conditions?.at(-1)?.reason, 'BackoffLimitExceeded')
  assert.deepEqual(cluster.processes, [])
})

test('should run two pods at once for an index, and count one', async (t) => {
  const cluster = await startKubernetes(t)
  cluster.faults.duplicate = 1
  await create(cluster, { count: 3, script: WAITS })
  const { status } = await condition(cluster, 'Complete')
  assert.deepEqual([cluster.pods.length, status.succeeded, status.completedIndexes], [6, 3, '0-2'])
})

test('should lose requests and answers, and refuse what it is told to refuse', async (t) => {
  const cluster = await startKubernetes(t)
  const { planned } = cluster.faults
  const body = jobOf({ count: 1 })
  planned.push({ trouble: 'lose-before', verb: 'create' })
  await assert.rejects(ask(cluster, 'POST', JOBS, body))
  assert.equal(cluster.jobs.length, 0)
  planned.push({ trouble: 'lose-after', verb: 'create', resource: 'jobs' })
  await assert.rejects(ask(cluster, 'POST', JOBS, body))
  assert.equal(cluster.jobs.length, 1)
  planned.push({ trouble: 'too-many' }, { trouble: 'error' }, { trouble: 'conflict' }, { trouble: 'gone' })
  const slow = await ask(cluster, 'GET', JOBS)
  assert.deepEqual(
    [slow.code, slow.headers['retry-after'], JSON.parse(slow.text).reason],
    [429, '1', 'TooManyRequests'],
  )
  const codes = [
    await ask(cluster, 'GET', JOBS),
    await ask(cluster, 'GET', JOBS),
    await ask(cluster, 'GET', JOBS),
  ]
  assert.deepEqual(
    codes.map(({ code }) => code),
    [500, 409, 410],
  )
  cluster.faults.shares = { error: 0.5 }
  const many = await Promise.all(Array.from({ length: 40 }, () => ask(cluster, 'GET', JOBS)))
  const refused = many.filter(({ code }) => code === 500).length
  assert.ok(refused > 5 && refused < 35, `${refused} of 40`)
})

test('should delete a Job before anybody has collected it', async (t) => {
  const cluster = await startKubernetes(t)
  cluster.faults.ttlMs = 0
  await create(cluster, { count: 2 })
  await until('the Job to have been there', () => cluster.requests.length > 0)
  await until('the Job to be gone', () => cluster.jobs.length === 0 && cluster.pods.length === 0)
})

test('should tell late, and not at all while it is frozen', async (t) => {
  const cluster = await startKubernetes(t)
  cluster.faults.lateStatusMs = 100
  await create(cluster, { count: 1, script: 'setTimeout(() => {}, 1_000)' })
  const pid = await until('it to run', () => cluster.processes[0])
  assert.deepEqual([pid > 0, cluster.pods[0]?.status.phase], [true, 'Pending'])
  cluster.freeze()
  let answered = false
  const asked = ask(cluster, 'GET', JOBS).then((said) => {
    answered = true
    return said
  })
  await condition(cluster, 'Complete')
  assert.equal(answered, false)
  cluster.thaw()
  assert.equal((await asked).code, 200)
})
