/** Why no pods are made of a Job: asked of its events, seldom, without waiting for it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kubernetesApi } from '../../../runners/kubernetes/api.ts'
import { connect } from '../../../runners/kubernetes/connection.ts'
import { Creation } from '../../../runners/kubernetes/creation.ts'
import { type KubernetesStandIn, startKubernetes } from '../../kubernetes/server.ts'
import { until } from '../../sshd/processes.ts'

const NAMESPACE = 'default'

function tell(cluster: KubernetesStandIn, job: string, reason: string, message: string, kind = 'Job'): void {
  cluster.registry.create('events', {
    metadata: { generateName: `${job}.`, namespace: NAMESPACE },
    involvedObject: { kind, namespace: NAMESPACE, name: job, uid: 'u' },
    ...{ type: 'Warning', reason, message, count: 1, lastTimestamp: new Date().toISOString() },
  } as never)
}

test('should tell what is said of the Job itself, and whether it will pass', async (t) => {
  const cluster = await startKubernetes(t)
  const connection = connect({ kubeconfig: cluster.kubeconfig, store: { bucket: 'none' } })
  const creation = new Creation(kubernetesApi({ ...connection, namespace: NAMESPACE }, 20_000))
  const said: [job: string, message: string, certain: boolean][] = [
    ['a', 'Error creating: pods "a-0-x" is forbidden: error looking up service account default/runs: serviceaccount "runs" not found', true],
    ['b', 'Error creating: pods "b-0-x" is forbidden: exceeded quota: compute, requested: cpu=4, used: cpu=8, limited: cpu=8', false],
    ['c', 'Error creating: pods "c-0-x" is forbidden: violates PodSecurity "restricted:latest": \n allowPrivilegeEscalation != false', true],
  ] // biome-ignore format: a table
  for (const [job, message] of said) {
    tell(cluster, job, 'FailedCreate', message)
    tell(cluster, job, 'SuccessfulCreate', 'Created pod')
    tell(cluster, job, 'FailedCreate', 'of a pod of the same name', 'Pod')
  }
  for (const [job, message, certain] of said) {
    assert.equal(creation.of(job), null, 'it is asked for, and not waited for')
    const trouble = await until('it to be known', () => creation.of(job))
    assert.deepEqual([trouble.kind, trouble.certain], ['configuration', certain])
    assert.equal(trouble.words, message.replace(/\s+/g, ' '))
  }
  tell(cluster, 'a', 'FailedCreate', 'something else')
  assert.match(creation.of('a')!.words, /service account/)
  creation.of('a', performance.now() + 60_000)
  await until('it to be asked again', () => creation.of('a')!.words === 'something else')
})
