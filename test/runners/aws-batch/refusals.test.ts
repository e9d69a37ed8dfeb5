/** What AWS Batch refuses: one line each, what and what to do, and nothing of credentials. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RepriseError } from '../../../lib/errors.ts'
import { refused, setStage } from './stage.ts'

test('should refuse in one line, and say what to do', async (t) => {
  const stage = await setStage(t)
  const { batch } = stage
  await assert.rejects(
    stage.another({ queue: 'none' }).probe(),
    refused('usage', /^aws-batch: queue none: there is no such job queue\. `aws batch/),
  )
  batch.queues.get('spot')!.state = 'DISABLED'
  await assert.rejects(stage.another({}).probe(), refused('usage', /queue spot: the job queue is disabled/))
  batch.queues.get('spot')!.state = 'ENABLED'
  await assert.rejects(
    stage.another({ platform: 'FARGATE' }).probe(),
    refused('usage', /the job queue is for ECS, and `platform` is FARGATE/),
  )
  const order = { name: 'reprise-x', array: 1, count: 2 }
  await assert.rejects(
    stage.another({ cpus: 0.5 }).stage(order),
    refused('usage', /VCPU must be a whole number.*See `cpus`/),
  )
  batch.faults.denied.add('SubmitJob')
  await assert.rejects(
    stage.submit(1, 2),
    refused('usage', /it is forbidden: .*Have your administrator allow batch:SubmitJob$/),
  )
  batch.faults.denied.add('DescribeJobs')
  await assert.rejects(stage.looks('x'), refused('engine', /it is forbidden: .*allow batch:DescribeJobs$/))
  await assert.rejects(
    stage.another({ region: 'us-east-1' }).probe(),
    refused('engine', /the credentials are not accepted: Credential should be scoped/),
  )
  await assert.rejects(
    stage.another({ endpoint: 'http://127.0.0.1:9' }).probe(),
    refused('engine', /cannot be reached: .*http:\/\/127\.0\.0\.1:9/),
  )
  assert.equal(batch.submitted.length, 0)
})

test('should not tell more of credentials than that they are not accepted', async (t) => {
  const stage = await setStage(t)
  t.after(() => {
    delete process.env.AWS_SESSION_TOKEN
  })
  process.env.AWS_SESSION_TOKEN = 'token-of-a-session'
  process.env.AWS_SECRET_ACCESS_KEY = 'wrong-secret'
  const wrong = refused(
    'engine',
    /^aws-batch: the credentials are not accepted: The request signature we calculated/,
  )
  await assert.rejects(stage.engine.probe(), (error: RepriseError) => {
    assert.doesNotMatch(error.line, /token-of-a-session|wrong-secret/)
    return wrong(error)
  })
  process.env.AWS_ACCESS_KEY_ID = 'AKIAOTHER'
  await assert.rejects(
    stage.another().probe(),
    refused('engine', /The security token included in the request is invalid\. See whether `aws sts/),
  )
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'])
    delete process.env[name]
  process.env.AWS_CONFIG_FILE = process.env.AWS_SHARED_CREDENTIALS_FILE = '/nowhere'
  await assert.rejects(
    stage.another().probe(),
    refused('engine', /there are no credentials: .*aws sso login/),
  )
})
