/** Pods as processes: what they are started with, what becomes of them, and why some do not start. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { until } from '../sshd/processes.ts'
import { ask, clientsOf, condition, JOBS, jobOf, namespace, PODS } from './asking.ts'
import { expand } from './container-start.ts'
import { startKubernetes } from './server.ts'

const waiting = (cluster: {
  pods: readonly { status: { containerStatuses?: { state: { waiting?: { reason: string } } }[] } }[]
}) => cluster.pods[0]?.status.containerStatuses?.[0]?.state.waiting?.reason

test('should start a container with its own environment and nothing else', async (t) => {
  const cluster = await startKubernetes(t, { nodes: 1, secrets: { keys: { KEY: 'from secret' } } })
  const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } })
  const container = {
    command: [
      'node',
      '-e',
      'console.log(JSON.stringify({ env: process.env, words: process.argv.slice(1) }))',
      '$(A)',
    ],
    args: ['$(NONE)', '$$(A)'],
    env: [{ name: 'A', value: 'a' }, { name: 'B', value: '$(A)$(A)' }, { name: 'TMPDIR', value: '/tmp/of/it' }, field('NODE', 'spec.nodeName'), field('POD', 'metadata.name')], // biome-ignore format: a list
    envFrom: [{ secretRef: { name: 'keys' } }],
  }
  await clientsOf(cluster).batch.createNamespacedJob({ namespace, body: jobOf({ count: 1, container }) })
  await condition(cluster, 'Complete')
  const [pod] = cluster.pods
  const { env, words } = JSON.parse((await ask(cluster, 'GET', `${PODS}/${pod!.metadata.name}/log`)).text)
  assert.deepEqual(words, ['a', '$(NONE)', '$(A)'])
  assert.deepEqual(Object.keys(env).sort(), [
    'A',
    'B',
    'JOB_COMPLETION_INDEX',
    'KEY',
    'NODE',
    'PATH',
    'POD',
    'TMPDIR',
  ])
  assert.deepEqual(
    [env.A, env.B, env.KEY, env.NODE, env.POD, env.JOB_COMPLETION_INDEX],
    ['a', 'aa', 'from secret', 'node-1', pod!.metadata.name, '0'],
  )
  assert.ok(env.TMPDIR.startsWith(cluster.folder) && env.TMPDIR.endsWith('/tmp/of/it'))
})

test('should leave text without a dollar as it is, and what is escaped as it was', () => {
  const escaped = (text: string) => text.replaceAll('$', '$$$$')
  fc.assert(
    fc.property(fc.string(), fc.dictionary(fc.string(), fc.string()), (text, env) => {
      assert.equal(expand(escaped(text), env), text)
    }),
    { seed: 7, numRuns: 200 },
  )
})

test('should let a container with a read-only root write into its volumes alone', async (t) => {
  const cluster = await startKubernetes(t)
  const script = "require('node:fs').writeFileSync(require('node:os').tmpdir() + '/x', 'x')"
  const container = { securityContext: { readOnlyRootFilesystem: true } }
  const mounted = { ...container, volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }] }
  const { batch } = clientsOf(cluster)
  const spec = { backoffLimitPerIndex: 0 }
  const pod = { volumes: [{ name: 'tmp', emptyDir: {} }] }
  await batch.createNamespacedJob({
    namespace,
    body: jobOf({ name: 'without', count: 1, script, container, spec }),
  })
  const body = jobOf({ name: 'with', count: 1, script, spec })
  Object.assign(body.spec!.template.spec!, pod)
  Object.assign(body.spec!.template.spec!.containers[0]!, mounted)
  await batch.createNamespacedJob({ namespace, body })
  await condition(cluster, 'Failed', 'without')
  await condition(cluster, 'Complete', 'with')
})

test('should say why a container does not start, and start it when that is mended', async (t) => {
  const cluster = await startKubernetes(t, { pullAgainMs: 20 })
  const { batch } = clientsOf(cluster)
  const asks = async (reasons: string[], wanted: Parameters<typeof jobOf>[0]) => {
    await batch.createNamespacedJob({ namespace, body: jobOf({ count: 1, ...wanted }) })
    await until(`the pod to wait for ${reasons}`, () => reasons.includes(waiting(cluster) ?? ''))
    const text = (await ask(cluster, 'GET', `${PODS}/${cluster.pods[0]!.metadata.name}/log`)).text
    assert.match(text, /is waiting to start/)
  }
  const gone = async () => {
    await ask(cluster, 'DELETE', `${JOBS}/job?propagationPolicy=Background`)
    await until('it to be gone', () => cluster.pods.length === 0)
  }
  await asks(['InvalidImageName'], { image: 'not:an:image' })
  await gone()
  await asks(['CreateContainerConfigError'], { pod: { securityContext: { runAsNonRoot: true } } })
  await gone()
  await asks(['CreateContainerConfigError'], { container: { envFrom: [{ secretRef: { name: 'none' } }] } })
  await gone()
  cluster.faults.noImage = ['node:20-slim']
  await asks(['ImagePullBackOff'], {})
  assert.ok(cluster.registry.list('events', namespace).length > 0)
  cluster.faults.noImage = []
  await condition(cluster, 'Complete')
})

test('should say of a pod that fits nowhere why, and run no more than fit at once', async (t) => {
  const cluster = await startKubernetes(t, { nodes: 2, cpus: 1, nodeLabels: { disk: 'fast' } })
  const { batch } = clientsOf(cluster)
  const why = () => cluster.pods[0]?.status.conditions?.[0]
  const resources = (cpu: string) => ({ container: { resources: { requests: { cpu } } } })
  await batch.createNamespacedJob({ namespace, body: jobOf({ count: 1, ...resources('3') }) })
  const { message, reason } = await until('the scheduler to give up', why)
  assert.equal(reason, 'Unschedulable')
  assert.match(
    message!,
    /^0\/2 nodes are available: 2 Insufficient cpu\. preemption: 0\/2 nodes are available/,
  )
  await ask(cluster, 'DELETE', `${JOBS}/job?propagationPolicy=Background`)
  await until('it to be gone', () => cluster.pods.length === 0)
  await batch.createNamespacedJob({
    namespace,
    body: jobOf({ count: 1, pod: { nodeSelector: { disk: 'slow' } } }),
  })
  assert.match(
    (await until('the scheduler to give up', why)).message!,
    /2 node\(s\) didn't match Pod's node affinity/,
  )
  await ask(cluster, 'DELETE', `${JOBS}/job?propagationPolicy=Background`)
  let most = 0
  const stop = cluster.registry.listen(() => {
    most = Math.max(most, cluster.processes.length)
  })
  await batch.createNamespacedJob({ namespace, body: jobOf({ name: 'many', count: 5, ...resources('1') }) })
  await condition(cluster, 'Complete', 'many')
  stop()
  assert.equal(most, 2)
})

test('should give the end of a log', async (t) => {
  const cluster = await startKubernetes(t)
  const script = 'console.log("one\\ntwo\\nthree")'
  await clientsOf(cluster).batch.createNamespacedJob({ namespace, body: jobOf({ count: 1, script }) })
  await condition(cluster, 'Complete')
  const log = async (query: string) =>
    (await ask(cluster, 'GET', `${PODS}/${cluster.pods[0]!.metadata.name}/log?${query}`)).text
  assert.deepEqual(
    [await log('tailLines=2'), await log('tailLines=9'), await log('tailLines=0'), await log('limitBytes=5')],
    ['two\nthree\n', 'one\ntwo\nthree\n', '', 'one\nt'],
  )
})
