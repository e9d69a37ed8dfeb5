/** An image is tried by a task that says what Node it has; whatever comes of it, nothing of it stays. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { batchEngine } from '../../../runners/aws-batch/engine.ts'
import { checkImage, type ImageCheck } from '../../../runners/cloud/image-check.ts'
import { kubernetesEngine } from '../../../runners/kubernetes/engine.ts'
import type { KubernetesWishes } from '../../../runners/kubernetes/profile.ts'
import { REGION, startBatch } from '../../aws/batch-server.ts'
import { startKubernetes } from '../../kubernetes/server.ts'
import { until } from '../../sshd/processes.ts'

const STORE = { bucket: 'none' }
const patience = { ask: 20_000, sync: 20_000, stuck: 300, backoff: 500 }

test('should tell of Kubernetes which Node an image has, or why it cannot be had', async (t) => {
  const cluster = await startKubernetes(t, { nodes: 1, cpus: 1 })
  const tried = (more: Partial<KubernetesWishes>, how: Partial<ImageCheck> = {}) => {
    const wishes = { kubeconfig: cluster.kubeconfig, store: STORE, image: 'node:20-slim', ...more }
    const engine: ImageCheck['engine'] = (run, container) =>
      kubernetesEngine({ wishes, run, container, patience })
    return checkImage({ image: wishes.image, engine, ...how })
  }
  const well = await tried({})
  assert.deepEqual(
    [well.state, well.found],
    ['well', `node:20-slim was had, and has Node ${process.version}`],
  )
  const none = await tried({ image: 'registry.k8s.io/reprise-none:1' })
  assert.equal(none.state, 'bad')
  assert.match(none.found, /^image registry\.k8s\.io\/reprise-none:1 cannot be had: /)
  const large = await tried({ resources: { requests: { cpu: '64' } } }, { patienceMs: 2_500 })
  assert.equal(large.state, 'note')
  assert.match(large.found, /^node:20-slim was not begun within \d s: .*Insufficient cpu/)
  const stopped = await tried({}, { signal: AbortSignal.abort() })
  assert.match(stopped.found, /was not tried to the end/)
  await until('nothing to be left', () => cluster.jobs.length + cluster.pods.length === 0)
})

test('should tell it of AWS Batch', async (t) => {
  const batch = await startBatch(t)
  Object.assign(process.env, batch.env, { AWS_EC2_METADATA_DISABLED: 'true' })
  const image = 'example.org/some:1'
  const wishes = { queue: 'spot', endpoint: batch.url, region: REGION, store: STORE, image }
  const check: ImageCheck = { image, engine: (run, container) => batchEngine({ wishes, run, container }) }
  const well = await checkImage(check)
  assert.equal(well.state, 'well')
  assert.match(well.found, /^example\.org\/some:1 was had, and (has Node v\d+|runs Node)/)
  batch.faults.unpullable.add(image)
  const none = await checkImage(check)
  assert.equal(none.state, 'bad')
  assert.match(none.found, /the image cannot be had: .*example\.org\/some:1/)
  assert.ok(batch.definitions.every(({ status }) => status === 'INACTIVE'))
  assert.ok([...batch.jobs.all.values()].every(({ status }) => status === 'SUCCEEDED' || status === 'FAILED'))
})
