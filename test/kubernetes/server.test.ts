/** The stand-in, driven by the official client, so that its form is what that client takes for Kubernetes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ApiException, BatchV1Api, CoreV1Api, KubeConfig, type V1Job } from '@kubernetes/client-node'
import { until } from '../sshd/processes.ts'
import { type KubernetesStandIn, startKubernetes } from './server.ts'

function clients(cluster: KubernetesStandIn, path = cluster.kubeconfig) {
  const config = new KubeConfig()
  config.loadFromFile(path)
  return { config, batch: config.makeApiClient(BatchV1Api), core: config.makeApiClient(CoreV1Api) }
}

interface Wanted {
  readonly name?: string
  readonly count?: number
  readonly script?: string
  readonly spec?: Partial<V1Job['spec'] & object>
  readonly image?: string
}

function jobOf({ name = 'job', count = 5, script = '', spec = {}, image = 'node:20-slim' }: Wanted): V1Job {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name },
    spec: {
      completions: count,
      parallelism: count,
      completionMode: 'Indexed',
      backoffLimitPerIndex: 0,
      template: {
        spec: {
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: 1,
          containers: [
            {
              name: 'task',
              image,
              command: ['node', '-e', script],
              resources: { requests: { cpu: '500m', memory: '64Mi' } },
            },
          ],
        },
      },
      ...spec,
    },
  }
}

const namespace = 'default'

test('should run an Indexed Job as processes of this machine', async (t) => {
  const cluster = await startKubernetes(t)
  const { batch, core } = clients(cluster)
  const script = "console.log('index ' + process.env.JOB_COMPLETION_INDEX)"
  await batch.createNamespacedJob({ namespace, body: jobOf({ script }) })
  const done = await until('the Job to be complete', async () => {
    const job = await batch.readNamespacedJob({ namespace, name: 'job' })
    return job.status?.conditions?.some(({ type }) => type === 'Complete') ? job : null
  })
  assert.equal(done.status?.completedIndexes, '0-4')
  assert.equal(done.status?.succeeded, 5)
  const { items } = await core.listNamespacedPod({ namespace, labelSelector: 'job-name in (job, other)' })
  assert.equal(items.length, 5)
  for (const pod of items) {
    const index = pod.metadata?.labels?.['batch.kubernetes.io/job-completion-index']
    const name = pod.metadata!.name!
    assert.match(name, new RegExp(`^job-${index}-[a-z0-9]{5}$`))
    assert.equal(await core.readNamespacedPodLog({ namespace, name }), `index ${index}\n`)
    const [status] = pod.status!.containerStatuses!
    assert.equal(status?.state?.terminated?.reason, 'Completed')
    assert.match(status!.imageID, /^docker\.io\/library\/node@sha256:[0-9a-f]{64}$/)
  }
  await batch.deleteNamespacedJob({ namespace, name: 'job', propagationPolicy: 'Background' })
  await until('the pods to be gone', () => cluster.pods.length === 0)
})

test('should refuse what is not as the OpenAPI description has it', async (t) => {
  const cluster = await startKubernetes(t)
  const { batch } = clients(cluster)
  await assert.rejects(
    batch.createNamespacedJob({ namespace: 'nowhere', body: jobOf({}) }),
    (error) => error instanceof ApiException && error.code === 404,
  )
})
