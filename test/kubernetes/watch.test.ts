/** Watches: what they tell, and how they end. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { until } from '../sshd/processes.ts'
import { ask, clientsOf, condition, jobOf, namespace, PODS } from './asking.ts'
import { type KubernetesStandIn, startKubernetes } from './server.ts'
import type { Pod } from './things.ts'

interface Heard {
  readonly events: { type: string; object: Pod & { code?: number; reason?: string } }[]
  ended: unknown
  over: boolean
}

async function hear(
  t: TestContext,
  cluster: KubernetesStandIn,
  query: Record<string, string> = {},
): Promise<Heard> {
  const heard: Heard = { events: [], ended: null, over: false }
  const { watch } = clientsOf(cluster)
  const see = (type: string, object: Heard['events'][number]['object']) => heard.events.push({ type, object })
  const end = (error: unknown) => Object.assign(heard, { ended: error, over: true })
  const aborting = await watch.watch(PODS, query, see, end)
  t.after(() => aborting.abort())
  return heard
}

const types = ({ events }: Heard) => [...new Set(events.map(({ type }) => type))].sort()

test('should tell what changes, of what was selected, and bookmarks to those who want them', async (t) => {
  const cluster = await startKubernetes(t, { bookmarkMs: 50 })
  const { batch } = clientsOf(cluster)
  const heard = await hear(t, cluster, { labelSelector: 'job-name=job', allowWatchBookmarks: 'true' })
  const others = await hear(t, cluster, { labelSelector: 'job-name!=job' })
  await batch.createNamespacedJob({ namespace, body: jobOf({ count: 2 }) })
  await condition(cluster, 'Complete')
  await batch.deleteNamespacedJob({ namespace, name: 'job', propagationPolicy: 'Background' })
  await until(
    'both to be told as deleted',
    () => heard.events.filter(({ type }) => type === 'DELETED').length === 2,
  )
  await until('a bookmark', () => heard.events.some(({ type }) => type === 'BOOKMARK'))
  assert.deepEqual(types(heard), ['ADDED', 'BOOKMARK', 'DELETED', 'MODIFIED'])
  assert.deepEqual(others.events, [])
  const phases = heard.events
    .filter(({ type }) => type !== 'BOOKMARK')
    .map(({ object }) => object.status.phase)
  assert.deepEqual([...new Set(phases)], ['Pending', 'Running', 'Succeeded'])
})

test('should go on from a version, until that is forgotten', async (t) => {
  const cluster = await startKubernetes(t)
  const { batch, core } = clientsOf(cluster)
  const { metadata } = await core.listNamespacedPod({ namespace })
  const resourceVersion = metadata!.resourceVersion!
  await batch.createNamespacedJob({ namespace, body: jobOf({ count: 2 }) })
  await condition(cluster, 'Complete')
  const heard = await hear(t, cluster, { resourceVersion, timeoutSeconds: '1' })
  await until('the watch to end by itself', () => heard.over)
  assert.equal(heard.events.filter(({ type }) => type === 'ADDED').length, 2)
  const versions = heard.events.map(({ object }) => Number(object.metadata.resourceVersion))
  assert.deepEqual(
    versions,
    [...versions].sort((a, b) => a - b),
  )
  cluster.compact()
  const late = await hear(t, cluster, { resourceVersion })
  await until('it to end', () => late.over)
  assert.deepEqual(
    late.events.map(({ type, object }) => [type, object.code, object.reason]),
    [['ERROR', 410, 'Expired']],
  )
})

test('should be gone, as status and as event, and close after some events, when faults say so', async (t) => {
  const cluster = await startKubernetes(t)
  const { batch } = clientsOf(cluster)
  await batch.createNamespacedJob({ namespace, body: jobOf({ count: 4 }) })
  await condition(cluster, 'Complete')
  Object.assign(cluster.faults, { goneWatches: 1, goneAs: 'status' })
  assert.equal((await ask(cluster, 'GET', `${PODS}?watch=true&resourceVersion=5`)).code, 410)
  Object.assign(cluster.faults, { goneWatches: 1, goneAs: 'event' })
  const gone = await hear(t, cluster)
  await until('it to end', () => gone.over)
  assert.deepEqual(
    gone.events.map(({ type }) => type),
    ['ADDED', 'ERROR'],
  )
  cluster.faults.watchEvents = 3
  const short = await hear(t, cluster)
  await until('it to end', () => short.over)
  assert.equal(short.events.length, 3)
})
