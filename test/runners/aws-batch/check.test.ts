/** What a check of AWS Batch finds, over the stand-in: what is well, what is missing, and nothing left behind. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { batchCheck } from '../../../runners/aws-batch/check.ts'
import { REGION } from '../../aws/batch-server.ts'
import { STORE, setStage } from './stage.ts'

test('should find all well where it is, and leave nothing', async (t) => {
  const { batch } = await setStage(t)
  const wishes = { queue: 'spot', endpoint: batch.url, region: REGION, store: STORE, image: 'node:20' }
  const findings = await batchCheck(wishes)
  assert.deepEqual(
    findings.map(({ name, state, found }) => [name, state, found]),
    [
      ['credentials', 'well', 'there, for region eu-central-1'],
      ['queue', 'well', 'spot takes jobs'],
      ['compute environments', 'well', 'spot-machines: at most 256 vCPUs'],
      ['job definition', 'well', 'one can be registered, and removed'],
      ['rights', 'well', 'jobs may be submitted, listed, described and ended'],
      ['image', 'note', 'node:20'],
    ],
  )
  assert.deepEqual(
    batch.definitions.map(({ status }) => status),
    ['INACTIVE'],
  )
  assert.equal(batch.submitted.length, 0)
})

test('should find what is missing, each with what to do', async (t) => {
  const { batch } = await setStage(t)
  const wishes = { queue: 'spot', endpoint: batch.url, region: REGION, store: STORE }
  const bad = async (more: object = {}) => {
    const found = (await batchCheck({ ...wishes, ...more }, { attempts: 1 })).filter(
      ({ state }) => state === 'bad',
    )
    for (const { remedy } of found) assert.notEqual(remedy, '')
    return found.map(({ name, found }) => `${name}: ${found}`)
  }
  assert.match(
    (await bad({ queue: 'none' })).join('\n'),
    /^queue: there is no job queue none\nrights: .*not found$/,
  )
  assert.match(
    (await bad({ cpus: 999 })).join('\n'),
    /^compute environments: spot-machines: at most 256 vCPUs$/,
  )
  assert.match(
    (await bad({ cpus: 0.5 })).join('\n'),
    /^job definition: does not take it: .*VCPU must be a whole number/,
  )
  for (const action of ['TerminateJob', 'SubmitJob', 'ListJobs'] as const) {
    batch.faults.denied.add(action)
    assert.match(
      (await bad()).join('\n'),
      new RegExp(`^rights: it is forbidden: .*batch:${action} on resource`),
    )
    batch.faults.denied.delete(action)
  }
  batch.queues.get('spot')!.status = 'INVALID'
  assert.deepEqual(await bad(), ['queue: the job queue is INVALID'])
  process.env.AWS_ACCESS_KEY_ID = 'AKIAOTHER'
  assert.match(
    (await bad()).join('\n'),
    /^queue: the credentials are not accepted: The security token[^\n]*$/,
  )
})
