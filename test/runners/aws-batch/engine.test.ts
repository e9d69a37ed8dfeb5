/** The array engine for AWS Batch, by the real SDK, over a stand-in that runs containers as processes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../../sshd/processes.ts'
import { ROLE, refused, setStage } from './stage.ts'

test('should say what the queue is', async (t) => {
  const { engine } = await setStage(t, {}, { maxTasks: 7 })
  assert.deepEqual(await engine.probe(), {
    ...{ cluster: 'spot', version: '2016-08-10', maxArray: 10_000, maxTasks: 7, accounting: true },
  })
})

test('should start each task with its index and its own environment, and tell how it ended', async (t) => {
  const stage = await setStage(t, { slots: 4, role: { AWS_ACCESS_KEY_ID: 'a' } }, { jobRole: ROLE })
  const { engine } = stage
  assert.equal(await engine.find('reprise-test-1'), null)
  const handle = await stage.submit(1, 5)
  assert.equal(await engine.find('reprise-test-1'), handle)
  const looks = await stage.untilAll(handle, 'completed')
  assert.deepEqual(
    looks.map(({ job }) => job),
    [0, 1, 2, 3, 4].map((index) => `${handle}:${index}`),
  )
  for (const index of [0, 4]) {
    const [first, second] = (await engine.logs(1, index)).split('\n')
    assert.equal(first, `array 1, task ${index}, attempt 1 of ${handle}:${index}`)
    assert.deepEqual(JSON.parse(second!), [
      ...[
        'AWS_BATCH_CE_NAME',
        'AWS_BATCH_JOB_ARRAY_INDEX',
        'AWS_BATCH_JOB_ARRAY_SIZE',
        'AWS_BATCH_JOB_ATTEMPT',
      ],
      ...['AWS_BATCH_JOB_ID', 'AWS_BATCH_JQ_NAME', 'AWS_CONTAINER_AUTHORIZATION_TOKEN'],
      ...[
        'AWS_CONTAINER_CREDENTIALS_FULL_URI',
        'GREETING',
        'PATH',
        'REPRISE_ARRAY',
        'REPRISE_PROGRAM',
        'TMPDIR',
      ],
    ])
  }
  const usage = await engine.collect(handle)
  assert.deepEqual(
    usage.map(({ index, state, exit }) => [index, state, exit]),
    [0, 1, 2, 3, 4].map((i) => [i, 'completed', '0']),
  )
  for (const { node, started, ended } of usage) {
    assert.match(node!, /^i-[0-9a-f]{8}$/)
    assert.ok(started! <= ended!)
  }
})

test('should make a single task a plain job', async (t) => {
  const stage = await setStage(t)
  const handle = await stage.submit(1, 1)
  const [look] = await stage.untilAll(handle, 'completed')
  assert.equal(look!.job, handle)
  assert.deepEqual(
    (await stage.engine.collect(handle)).map(({ index, job }) => [index, job]),
    [[0, handle]],
  )
  assert.match(await stage.engine.logs(1, 0), new RegExp(`^array 1, task 0, attempt 1 of ${handle}\n`))
})

test('should register one definition for a run, and remove it', async (t) => {
  const stage = await setStage(t)
  const { engine, batch } = stage
  await stage.submit(1, 2)
  await stage.submit(3, 2)
  await stage.another().stage({ name: 'reprise-test-5', array: 5, count: 2 })
  assert.deepEqual(
    batch.definitions.map(({ jobDefinitionName, status }) => [jobDefinitionName, status]),
    [['reprise-r1', 'ACTIVE']],
  )
  await engine.clean(1)
  assert.deepEqual(
    batch.definitions.map(({ status }) => status),
    ['INACTIVE'],
  )
  await engine.clean(3)
})

test('should retry what machines took with them, and not what would end the same again', async (t) => {
  const stage = await setStage(t, { slots: 4 }, { attempts: 2 })
  const [failing, vain] = [await stage.submit(3, 3), await stage.submit(4, 2)]
  const [looks, others] = [await stage.untilAll(failing, 'failed'), await stage.untilAll(vain, 'failed')]
  assert.deepEqual(
    [...looks, ...others].map(({ restarts }) => restarts),
    [1, 1, 1, 0, 0],
  )
  assert.equal(looks[0]!.words, 'Essential container in task exited; exit code 3')
  assert.deepEqual(
    (await stage.engine.collect(failing)).map(({ exit }) => exit),
    ['3', '3', '3'],
  )
})

test('should tell of machines that were taken away, and of the attempt that follows', async (t) => {
  const stage = await setStage(t, { slots: 2 }, { attempts: 2 })
  const { batch } = stage
  const handle = await stage.submit(2, 2)
  const [before] = await stage.untilAll(handle, 'running')
  assert.equal(before!.restarts, 0)
  assert.ok(Math.abs(Date.parse(before!.started!) - Date.now()) < 3_600_000, 'it says since when it runs')
  const take = () => batch.jobs.take(batch.jobs.all.get(`${handle}:0`)!)
  take()
  const [after] = await until('it runs again', async () => {
    const looks = await stage.looks(handle)
    return looks[0]!.state === 'running' && looks[0]!.restarts === 1 ? looks : null
  })
  assert.notEqual(after!.node, before!.node)
  take()
  const [end] = await until('it is over', async () => {
    const looks = await stage.looks(handle)
    return looks[0]!.state === 'node-fail' ? looks : null
  })
  assert.match(end!.words!, /^Host EC2 \(instance i-[0-9a-f]+\) terminated\.; exit code 137$/)
})

test('should end arrays that wait and run, and let be what is over or unknown', async (t) => {
  const stage = await setStage(t, { slots: 2 })
  const { engine } = stage
  const [waiting, over] = [await stage.submit(2, 5), await stage.submit(1, 1)]
  await until('some run', async () => (await stage.looks(waiting)).some(({ state }) => state === 'running'))
  await engine.cancel([waiting, over, '00000000-0000-4000-8000-000000000000'])
  const looks = await stage.untilAll(waiting, 'cancelled')
  assert.equal(looks.length, 5)
  assert.match(looks[4]!.words!, /^Cancelled by Reprise/)
  await engine.cancel([waiting])
})

test('should end the others though the answer about one is lost, and say so', async (t) => {
  const stage = await setStage(t, { slots: 2 })
  const handles = await Promise.all(
    Array.from({ length: 10 }, (_, n) => stage.submit(2, 1, `reprise-test-${n}`)),
  )
  let lost = false
  stage.batch.faults.lost = (action) => {
    if (action !== 'TerminateJob' || lost) return false
    lost = true
    return true
  }
  const once = stage.another({}, { patience: { attempts: 1 } })
  await assert.rejects(once.cancel(handles), refused('engine', /aws-batch: /))
  for (const handle of handles) await stage.untilAll(handle, 'cancelled')
})

test('should not take one machine’s trouble with an image for the end, once a task has begun', async (t) => {
  const image = 'example.org/some:1'
  const stage = await setStage(t, {}, { image })
  await stage.untilAll(await stage.submit(1, 1), 'completed')
  stage.batch.faults.unpullable.add(image)
  const looks = await stage.untilAll(await stage.submit(3, 2, 'reprise-test-later'), 'failed')
  assert.match(looks[0]!.words!, /CannotPullContainerError/)
})

test('should end all of a run, looking through pages, and nothing of another', async (t) => {
  const stage = await setStage(t, { slots: 2, pageSize: 1 })
  const other = stage.another({}, { run: 'r10' })
  const handles = [await stage.submit(2, 3), await stage.submit(2, 1, 'reprise-test-2-b')]
  const order = { name: 'reprise-test-2', array: 2, count: 2 }
  await other.stage(order)
  const spared = await other.submit(order)
  await stage.another().cancelAll!()
  for (const handle of handles) await stage.untilAll(handle, 'cancelled')
  const left = [...(await other.status([spared])).get(spared)!.values()]
  assert.ok(left.every(({ state }) => state === 'pending' || state === 'running'))
  await other.cancelAll!()
})

test('should look through pages, and only at what changed', async (t) => {
  const stage = await setStage(t, { slots: 8, pageSize: 7 })
  const handle = await stage.submit(1, 30)
  const looks = await stage.untilAll(handle, 'completed')
  assert.equal(looks.length, 30)
  const { calls } = stage.batch
  const before = calls.length
  await stage.looks(handle)
  assert.deepEqual(
    calls.slice(before).map(({ action }) => action),
    ['DescribeJobs'],
  )
})

test('should submit once where the answer is lost, and find it', async (t) => {
  const stage = await setStage(t)
  stage.batch.faults.lost = (action) => action === 'SubmitJob'
  await assert.rejects(
    stage.submit(1, 3),
    refused('engine', /^aws-batch: it is not known whether it was taken: /),
  )
  assert.equal(stage.batch.submitted.length, 1)
  assert.equal(await stage.engine.find('reprise-test-1'), stage.batch.submitted[0]!.jobId)
})

test('should ask again where it is refused since there is much to do, or an answer is lost', async (t) => {
  const stage = await setStage(t)
  const { batch } = stage
  let lose = 2
  batch.faults.lost = (action) => action === 'DescribeJobQueues' && lose-- > 0
  await stage.engine.probe()
  batch.faults.throttled = 0.5
  const handle = await stage.submit(1, 2)
  assert.ok(batch.calls.some(({ status }) => status === 429))
  assert.equal(batch.submitted.length, 1)
  batch.faults.throttled = 1
  const once = stage.another({}, { patience: { attempts: 1 } })
  await assert.rejects(once.status([handle]), refused('engine', /is asked too often: Too Many Requests/))
})

test('should say which image cannot be had, before an hour is lost', async (t) => {
  const image = 'example.org/none:1'
  const stage = await setStage(t, { faults: { unpullable: new Set([image]) } }, { image })
  const handle = await stage.submit(1, 2)
  await assert.rejects(
    stage.untilAll(handle, 'completed'),
    refused('usage', /the image cannot be had: CannotPullContainerError.*example\.org\/none:1.*`image`/),
  )
  assert.equal(stage.batch.jobs.counts.attempts, 0)
})

test('should say why nothing begins', async (t) => {
  const blocked =
    'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - The job resource requirement (vCPU/memory/GPU) is higher than that can be met by the CE(s) attached to the job queue.'
  const stage = await setStage(t, { faults: { blocked } })
  const handle = await stage.submit(1, 2)
  const looks = await until('it is told', async () => {
    const looks = await stage.looks(handle)
    return looks[0]?.words === null ? null : looks
  })
  assert.equal(looks[0]!.state, 'pending')
  assert.match(
    looks[0]!.stuck!,
    /^MISCONFIGURATION:JOB_RESOURCE.*queue\. Ask for less by `cpus` and `memory`/,
  )
})
