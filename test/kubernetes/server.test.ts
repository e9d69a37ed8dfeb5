/** The stand-in, driven by the official client, so that its form is what that client takes for Kubernetes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ApiException, AuthorizationV1Api, VersionApi } from '@kubernetes/client-node'
import { isAlive, until } from '../sshd/processes.ts'
import { ask, clientsOf, condition, JOBS, jobOf, namespace, PODS } from './asking.ts'
import { type Described, problemsOf } from './schema.ts'
import { startKubernetes } from './server.ts'

test('should run an Indexed Job as processes of this machine, and delete it with its pods', async (t) => {
  const cluster = await startKubernetes(t)
  const { batch, core, config } = clientsOf(cluster)
  assert.equal((await config.makeApiClient(VersionApi).getCode()).gitVersion, 'v1.34.1')
  const script = "console.log('index ' + process.env.JOB_COMPLETION_INDEX)"
  await batch.createNamespacedJob({ namespace, body: jobOf({ script }) })
  await condition(cluster, 'Complete')
  const { status } = await batch.readNamespacedJob({ namespace, name: 'job' })
  assert.deepEqual([status?.completedIndexes, status?.succeeded, status?.failed], ['0-4', 5, undefined])
  const { items } = await core.listNamespacedPod({ namespace, labelSelector: 'job-name in (job, other)' })
  assert.equal(items.length, 5)
  for (const pod of items) {
    const index = pod.metadata?.labels?.['batch.kubernetes.io/job-completion-index']
    const name = pod.metadata!.name!
    assert.match(name, new RegExp(`^job-${index}-[a-z0-9]{5}$`))
    assert.equal(await core.readNamespacedPodLog({ namespace, name }), `index ${index}\n`)
    const [container] = pod.status!.containerStatuses!
    assert.equal(container?.state?.terminated?.reason, 'Completed')
    assert.match(container!.imageID, /^docker\.io\/library\/node@sha256:[0-9a-f]{64}$/)
  }
  await batch.deleteNamespacedJob({ namespace, name: 'job', propagationPolicy: 'Background' })
  await until('the pods to be gone', () => cluster.pods.length === 0)
})

test('should write nothing that is not as the OpenAPI description has it', async (t) => {
  const cluster = await startKubernetes(t, { cpus: 1, nodes: 1 })
  const problems = new Map<string, number>()
  const seen = new Set<string>()
  cluster.registry.listen(({ object }) => {
    seen.add(object.kind)
    const kind = object.kind as Described
    for (const each of problemsOf(kind, object)) problems.set(`${kind}: ${each}`, 1)
  })
  const script = 'process.exitCode = Number(process.env.JOB_COMPLETION_INDEX)'
  await clientsOf(cluster).batch.createNamespacedJob({ namespace, body: jobOf({ count: 4, script }) })
  await condition(cluster, 'Failed')
  assert.deepEqual([...problems.keys()], [])
  assert.deepEqual([...seen].sort(), ['Event', 'Job', 'Pod'])
})

test('should keep the pods of a Job that is deleted without a word about them, as Kubernetes does', async (t) => {
  const cluster = await startKubernetes(t)
  const { batch } = clientsOf(cluster)
  await batch.createNamespacedJob({ namespace, body: jobOf({ count: 1 }) })
  await condition(cluster, 'Complete')
  const { headers } = await ask(cluster, 'DELETE', `${JOBS}/job`)
  assert.match(String(headers.warning), /child pods are preserved by default/)
  assert.deepEqual([cluster.jobs.length, cluster.pods.length], [0, 1])
})

test('should end what runs when its Job is deleted in the foreground', async (t) => {
  const cluster = await startKubernetes(t)
  const { batch } = clientsOf(cluster)
  await batch.createNamespacedJob({
    namespace,
    body: jobOf({ count: 2, script: 'setInterval(() => {}, 1e3)' }),
  })
  const pids = await until('both to run', () => cluster.processes.length === 2 && cluster.processes)
  await batch.deleteNamespacedJob({ namespace, name: 'job', propagationPolicy: 'Foreground' })
  await until('the Job to be gone', () => cluster.jobs.length === 0)
  assert.deepEqual([cluster.pods.length, pids.filter(isAlive).length], [0, 0])
})

test('should suspend a Job and let it go on', async (t) => {
  const cluster = await startKubernetes(t)
  const { batch } = clientsOf(cluster)
  const merge = { 'content-type': 'application/merge-patch+json' }
  await batch.createNamespacedJob({ namespace, body: jobOf({ count: 2, spec: { suspend: true } }) })
  await condition(cluster, 'Suspended')
  assert.equal(cluster.pods.length, 0)
  assert.equal((await ask(cluster, 'PATCH', `${JOBS}/job`, { spec: { suspend: false } }, merge)).code, 200)
  await condition(cluster, 'Complete')
  const { code, text } = await ask(cluster, 'PATCH', `${JOBS}/job`, { spec: { completions: 3 } }, merge)
  assert.deepEqual([code, /field is immutable/.test(text)], [422, true])
  assert.equal((await ask(cluster, 'PATCH', `${JOBS}/job`, {})).code, 415)
})

test('should let in by token, allow by rules, and say so when asked', async (t) => {
  const rules = [{ verbs: ['get', 'list', 'create'], resources: ['jobs', 'pods'], namespaces: ['default'] }]
  const cluster = await startKubernetes(t, { rules, namespaces: ['lab'] })
  const refusal = (code: number, words: RegExp) => (error: unknown) =>
    error instanceof ApiException && error.code === code && words.test(error.message.replaceAll('\\', ''))
  const wrong = clientsOf(cluster, cluster.writeKubeconfig('wrong', { token: 'wrong' }))
  await assert.rejects(wrong.batch.listNamespacedJob({ namespace }), refusal(401, /Unauthorized/))
  const { batch, config } = clientsOf(cluster)
  await assert.rejects(
    batch.createNamespacedJob({ namespace: 'lab', body: jobOf() }),
    refusal(403, /User "tester" cannot create resource "jobs" in API group "batch" in the namespace "lab"/),
  )
  const review = async (verb: string, resource: string) => {
    const body = { spec: { resourceAttributes: { verb, resource, namespace, group: '' } } }
    return (await config.makeApiClient(AuthorizationV1Api).createSelfSubjectAccessReview({ body })).status
      ?.allowed
  }
  assert.deepEqual([await review('get', 'pods'), await review('delete', 'pods')], [true, false])
  cluster.rules = [{ verbs: ['*'], resources: ['*'] }]
  await assert.rejects(
    batch.createNamespacedJob({ namespace: 'nowhere', body: jobOf() }),
    refusal(404, /namespaces "nowhere" not found/),
  )
  assert.deepEqual((await batch.listNamespacedJob({ namespace: 'nowhere' })).items, [])
  await batch.createNamespacedJob({ namespace, body: jobOf() })
  await assert.rejects(
    batch.createNamespacedJob({ namespace, body: jobOf() }),
    refusal(409, /jobs\.batch "job" already exists/),
  )
})

test('should tell of secrets, accounts, quotas and events, and keep to the quota', async (t) => {
  const settings = {
    secrets: { keys: { A: 'secret' } },
    serviceAccounts: ['runner'],
    quota: { 'count/jobs.batch': '0' },
  }
  const cluster = await startKubernetes(t, settings)
  const { batch, core } = clientsOf(cluster)
  const part = { accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1' }
  const { text } = await ask(cluster, 'GET', '/api/v1/namespaces/default/secrets/keys', undefined, part)
  assert.deepEqual([JSON.parse(text).kind, JSON.parse(text).data], ['PartialObjectMetadata', undefined])
  assert.equal(
    (await core.readNamespacedServiceAccount({ namespace, name: 'runner' })).metadata?.name,
    'runner',
  )
  assert.equal((await core.listNamespacedResourceQuota({ namespace })).items.length, 1)
  assert.equal((await core.listNamespacedEvent({ namespace })).items.length, 0)
  assert.equal((await core.listNode()).items.length, 2)
  await assert.rejects(batch.createNamespacedJob({ namespace, body: jobOf() }), /exceeded quota: quota/)
})

test('should give lists in pieces, of one time, and none when that time is forgotten', async (t) => {
  const cluster = await startKubernetes(t)
  const { batch, core } = clientsOf(cluster)
  await batch.createNamespacedJob({ namespace, body: jobOf() })
  await condition(cluster, 'Complete')
  const first = await core.listNamespacedPod({ namespace, limit: 2 })
  assert.deepEqual([first.items.length, first.metadata?.remainingItemCount], [2, 3])
  await batch.deleteNamespacedJob({ namespace, name: 'job', propagationPolicy: 'Background' })
  await until('the pods to be gone', () => cluster.pods.length === 0)
  const going = first.metadata!._continue!
  const rest = await core.listNamespacedPod({ namespace, _continue: going })
  assert.deepEqual([rest.items.length, rest.metadata?._continue], [3, undefined])
  cluster.compact()
  const { code, text } = await ask(cluster, 'GET', `${PODS}?limit=2&continue=${going}`)
  assert.deepEqual([code, JSON.parse(text).reason], [410, 'Expired'])
})
