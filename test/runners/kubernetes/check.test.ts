/** What is missing is found before anything is started. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkKubernetes, type Finding } from '../../../runners/kubernetes/check.ts'
import type { KubernetesWishes } from '../../../runners/kubernetes/profile.ts'
import { refused } from '../../kubernetes/engine-suite.ts'
import { startKubernetes } from '../../kubernetes/server.ts'

const named = (findings: readonly Finding[], name: string) =>
  findings.filter((each) => each.name === name).map(({ state, found }) => `${state}: ${found}`)

test('should find that all is well, and make nothing', async (t) => {
  const cluster = await startKubernetes(t, {
    secrets: { keys: { A: 'b' } },
    serviceAccounts: ['runner'],
    quota: { pods: '50' },
  })
  const { kubeconfig } = cluster
  const wishes: KubernetesWishes = {
    ...{ kubeconfig, store: { bucket: 'none' }, image: 'node:20-slim' },
    ...{ secretName: 'keys', serviceAccount: 'runner' },
  }
  const findings = await checkKubernetes(wishes)
  assert.deepEqual(
    findings.map(({ name, state }) => `${name} ${state}`),
    [
      'cluster well',
      'namespace well',
      'rights well',
      'secret well',
      'service account well',
      'quota note',
      'job well',
    ],
  )
  assert.deepEqual(named(findings, 'quota'), ['note: pods 0 of 50'])
  assert.deepEqual(named(findings, 'job'), ['well: would be taken, with image node:20-slim'])
  assert.equal(cluster.jobs.length, 0)
})

test('should find each thing that is missing, with what to do', async (t) => {
  const cluster = await startKubernetes(t, { minor: 28 })
  const { kubeconfig } = cluster
  const wishes = { kubeconfig, store: { bucket: 'none' }, secretName: 'none', serviceAccount: 'nobody' }
  const findings = await checkKubernetes({ ...wishes, template: { spec: { noSuchField: 1 } } })
  assert.deepEqual(named(findings, 'secret'), ['bad: none is not there'])
  assert.deepEqual(named(findings, 'service account'), ['bad: nobody is not there'])
  assert.match(named(findings, 'version')[0]!, /^note: v1\.28/)
  assert.match(named(findings, 'job')[0]!, /^bad: does not take it: .*noSuchField/)
  for (const { state, remedy } of findings) assert.equal(remedy === '', state === 'well')

  const elsewhere = await checkKubernetes({ ...wishes, namespace: 'none' })
  assert.deepEqual(named(elsewhere, 'namespace'), [
    'bad: cannot use namespace none: namespaces "none" not found',
  ])
  assert.deepEqual(named(elsewhere, 'job'), [])

  cluster.rules = [{ verbs: ['get', 'list', 'create'], resources: ['jobs', 'secrets', 'serviceaccounts'] }]
  const few = await checkKubernetes(wishes)
  assert.deepEqual(named(few, 'rights'), [
    'bad: may not watch jobs, delete jobs, list pods, watch pods in namespace default',
    'note: may not patch jobs',
    'note: may not get pods/log',
    'note: may not list events',
  ])
  const path = cluster.writeKubeconfig('wrong', { token: 'wrong' })
  await refused(
    checkKubernetes({ ...wishes, kubeconfig: path }),
    'engine',
    /^does not take these credentials/,
  )
})
