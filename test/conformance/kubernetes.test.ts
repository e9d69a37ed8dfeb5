/**
 * The array runner conforms with Kubernetes and a bucket, by the programs that travel (all of it with REPRISE_SLOW=1); and it has the bytes of a run at home where
 * pods are started twice and killed.
 */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { kubernetesEngine } from '../../runners/kubernetes/engine.ts'
import { isTwin } from '../kubernetes/pod-of-job.ts'
import { type KubernetesStandIn, startKubernetes } from '../kubernetes/server.ts'
import { Heard } from '../runners/array/scene.ts'
import { type S3Service, startS3 } from '../s3/server.ts'
import { type EngineOf, runnerOver } from './cloud.ts'
import { EPIDEMIC } from './epidemic.ts'
import { lasting } from './lasting.ts'
import { runnerSuite } from './suite.ts'
import { assign, expectedLeaves, rootOf, Workshop } from './workshop.ts'

const t = lasting()
let cluster: KubernetesStandIn
let s3: S3Service

before(async () => {
  s3 = await startS3(t)
  Object.assign(process.env, s3.env)
  cluster = await startKubernetes(t, { cpus: 4, secrets: { bucket: s3.env } })
})

const engineOf =
  (engines: number): EngineOf =>
  (run, container) =>
    kubernetesEngine({
      wishes: { kubeconfig: cluster.kubeconfig, secretName: 'bucket', engines, store: s3.place },
      ...{ run, container },
    })

// each case is some pods of half a second each and more
if (process.env.REPRISE_SLOW === '1')
  runnerSuite(
    'kubernetes',
    ({ engines, timeoutMs = null, silenceMs }) =>
      runnerOver(s3.place, engineOf(engines), {
        ...{ engines, timeoutMs },
        ...(silenceMs === undefined ? {} : { silenceMs }),
      }),
    { engines: true, killable: false },
  )

test('should have the root of a run at home where a tenth of pods is doubled and a fifth is killed', async () => {
  const workshop = new Workshop(true)
  t.after(() => workshop.close())
  const made = await workshop.make(EPIDEMIC)
  Object.assign(cluster.faults, { duplicate: 0.1, kill: 0.2, strikeMs: [200, 2_500] })
  const heard = new Heard({})
  const small = { engines: 1, timeoutMs: null, taskMs: 60, chunkMs: 30 }
  const { runner, close } = await runnerOver(s3.place, engineOf(1), small)
  await runner.execute(assign(made), heard, new AbortController().signal).finally(close)
  const failed = cluster.pods.filter(({ status }) => status.phase === 'Failed').length
  const twins = cluster.pods.filter(isTwin).length
  assert.ok(failed > 0 && twins > 0, `${cluster.pods.length} pods, ${failed} failed, ${twins} doubled`)
  assert.equal(rootOf(heard.delivered.map((chunk) => heard.leaf(chunk)!)), rootOf(await expectedLeaves(made)))
})
