/** How a task is doing, of several pods and of what its Job says. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TaskState } from '../../../runners/array/engine.ts'
import type { JobLook } from '../../../runners/kubernetes/job-look.ts'
import { readJob } from '../../../runners/kubernetes/job-look.ts'
import type { Pod } from '../../../runners/kubernetes/pod.ts'
import { verdictOf } from '../../../runners/kubernetes/verdict.ts'

const pod = (state: TaskState, second = 0, more: Partial<Pod> = {}): Pod => ({
  ...{ name: `job-0-${second}`, job: 'job', index: 0, created: `2026-03-01T10:00:0${second}.000Z`, state },
  ...{ words: null, node: 'n', trouble: null, disrupted: false, exit: null, started: null, ended: null },
  ...{ image: null, ...more },
})
const job = (status: object = {}, more: Partial<JobLook> = {}): JobLook => ({
  ...readJob(
    { metadata: { name: 'job', labels: { array: '7' } }, spec: { completions: 5 }, status },
    'array',
  )!,
  ...more,
})
const judge = (pods: readonly Pod[], of: JobLook | null, perIndex = true) => {
  const look = verdictOf(0, pods, of, { name: 'job', perIndex })
  return look === null ? null : `${look.state} ${look.job}`
}

test('should count the pod that came furthest', () => {
  assert.equal(judge([pod('completed', 1), pod('running', 2)], job()), 'completed job-0-1')
  assert.equal(judge([pod('running', 1), pod('pending', 2)], job()), 'running job-0-1')
  assert.equal(judge([pod('failed', 1), pod('pending', 2)], job()), 'pending job-0-2')
  assert.equal(judge([pod('running', 1), pod('failed', 2)], job()), 'running job-0-1')
})

test('should say since when a pod runs, where that is known', () => {
  const started = '2026-03-01T10:00:05Z'
  const of = (of: Partial<Pod>) =>
    verdictOf(0, [pod('running', 1, of)], job(), { name: 'job', perIndex: true })
  assert.equal(of({ started })?.started, started)
  assert.equal('started' in of({})!, false)
})

test('should not give up what Kubernetes starts again', () => {
  const look = verdictOf(0, [pod('preempted', 1, { words: 'Evicted', disrupted: true })], job(), {
    ...{ name: 'job', perIndex: true },
  })
  assert.deepEqual([look?.state, look?.words], ['pending', 'Evicted; it is started again'])
  assert.equal(judge([pod('failed', 1)], job({ failedIndexes: '0,3' })), 'failed job-0-1')
  assert.equal(judge([pod('out-of-memory', 1)], job({ failedIndexes: '0-3' })), 'out-of-memory job-0-1')
  assert.equal(judge([pod('failed', 1)], job(), false), 'pending job-0-1')
  assert.equal(judge([pod('failed', 1), pod('failed', 2)], job(), false), 'failed job-0-2')
  const lost = [1, 2, 3].map((second) => pod('node-fail', second, { disrupted: true }))
  assert.equal(judge(lost, job(), false), 'pending job-0-3')
})

test('should take the word of the Job where pods are gone', () => {
  assert.equal(judge([], job()), 'pending job-0')
  assert.equal(judge([], job({ completedIndexes: '0-2,4' })), 'completed job-0')
  assert.equal(judge([pod('running')], job({ completedIndexes: '0' })), 'completed job-0-0')
  assert.equal(judge([], job({ failedIndexes: '0' })), 'failed job-0')
  const failed = (reason: string) => ({
    conditions: [{ type: 'Failed', status: 'True', reason, message: 'm' }],
  })
  assert.equal(judge([], job(failed('DeadlineExceeded'))), 'timeout job-0')
  assert.equal(judge([], job(failed('FailedIndexes'))), 'ended job-0')
  assert.equal(judge([pod('failed', 1)], job(failed('BackoffLimitExceeded'))), 'failed job-0-1')
  assert.equal(judge([], job({}, { ending: true })), 'cancelled job-0')
})

test('should know of a Job that is gone only what was seen of it', () => {
  const gone = (status: object) => job(status, { gone: true })
  assert.equal(judge([], null), null)
  assert.equal(judge([], gone({})), null)
  assert.equal(judge([pod('pending')], gone({})), null)
  assert.equal(judge([pod('running')], gone({})), 'running job-0-0')
  assert.equal(judge([pod('failed')], null), 'failed job-0-0')
  assert.equal(judge([], gone({ completedIndexes: '0' })), 'completed job-0')
})

test('should read of a Job only what is one', () => {
  assert.equal(readJob(null, 'array'), null)
  assert.equal(readJob({ metadata: { name: 'x' }, spec: {} }, 'array'), null)
  const { completed, failed, array, over } = job({
    completedIndexes: 'a-b',
    failedIndexes: 7,
    conditions: 'x',
  })
  assert.deepEqual([completed.size, failed.size, array, over], [0, 0, 7, null])
})
