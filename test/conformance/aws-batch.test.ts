/**
 * The array runner conforms with AWS Batch and a bucket, by the programs that travel (all of it with REPRISE_SLOW=1); and it has the bytes of a run at home where
 * tasks are started twice and killed.
 */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { batchEngine } from '../../runners/aws-batch/engine.ts'
import { type BatchStandIn, REGION, startBatch } from '../aws/batch-server.ts'
import { Heard } from '../runners/array/scene.ts'
import { ROLE } from '../runners/aws-batch/stage.ts'
import { type S3Service, startS3 } from '../s3/server.ts'
import { type EngineOf, runnerOver } from './cloud.ts'
import { EPIDEMIC } from './epidemic.ts'
import { lasting } from './lasting.ts'
import { runnerSuite } from './suite.ts'
import { assign, expectedLeaves, rootOf, Workshop } from './workshop.ts'

const t = lasting()
let batch: BatchStandIn
let s3: S3Service

before(async () => {
  s3 = await startS3(t)
  const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = s3.env
  const account = { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY }
  Object.assign(process.env, s3.env)
  batch = await startBatch(t, { slots: 4, account, role: account, seed: 5 })
})

const engineOf =
  (engines: number): EngineOf =>
  (run, container) =>
    batchEngine({
      wishes: {
        ...{ queue: 'spot', endpoint: batch.url, region: REGION, jobRole: ROLE },
        engines,
        store: s3.place,
      },
      ...{ run, container },
    })

// each case is some tasks of half a second each and more
if (process.env.REPRISE_SLOW === '1')
  runnerSuite(
    'aws-batch',
    ({ engines, timeoutMs = null, silenceMs }) =>
      runnerOver(s3.place, engineOf(engines), {
        ...{ engines, timeoutMs },
        ...(silenceMs === undefined ? {} : { silenceMs }),
      }),
    { engines: true, killable: false },
  )

test('should have the root of a run at home where a tenth of tasks is doubled and a fifth is killed', async () => {
  const workshop = new Workshop(true)
  t.after(() => workshop.close())
  const made = await workshop.make(EPIDEMIC)
  Object.assign(batch.faults, { twice: 0.1, killed: 0.2, killedMs: 1_500 })
  const heard = new Heard({})
  const small = { engines: 1, timeoutMs: null, taskMs: 60, chunkMs: 30 }
  const { runner, close } = await runnerOver(s3.place, engineOf(1), small)
  await runner.execute(assign(made), heard, new AbortController().signal).finally(close)
  const { killed, twice } = batch.jobs.counts
  assert.ok(killed > 0 && twice > 0, JSON.stringify(batch.jobs.counts))
  assert.equal(rootOf(heard.delivered.map((chunk) => heard.leaf(chunk)!)), rootOf(await expectedLeaves(made)))
})
