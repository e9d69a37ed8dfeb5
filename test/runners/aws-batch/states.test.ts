/** What AWS Batch says of jobs, in its own words, and what is made of it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inVainOf, type Said, stateOf, stuckOf, wordsOf } from '../../../runners/aws-batch/states.ts'

const failed = (statusReason: string, reason?: string, exitCode?: number): Said => ({
  ...{ status: 'FAILED', statusReason, container: { reason, exitCode } },
})
const EXITED = 'Essential container in task exited'
const UNSTARTED = 'Task failed to start'

test('should know what each status is', () => {
  const states = [
    'SUBMITTED',
    'PENDING',
    'RUNNABLE',
    'STARTING',
    'RUNNING',
    'SUCCEEDED',
    'FAILED',
    'OTHER',
    undefined,
  ]
  assert.deepEqual(
    states.map((status) => stateOf({ status })),
    [...['pending', 'pending', 'pending', 'pending', 'running', 'completed', 'failed', 'unknown', 'unknown']],
  )
})

test('should tell faults of tasks from those of sizes and machines', () => {
  const ends: readonly (readonly [Said, string])[] = [
    [failed(EXITED, undefined, 1), 'failed'],
    [failed(EXITED, 'OutOfMemoryError: Container killed due to memory usage', 137), 'out-of-memory'],
    [failed('Job attempt duration exceeded timeout', undefined, 137), 'timeout'],
    [failed('Host EC2 (instance i-0a1b) terminated.'), 'node-fail'],
    [failed('Your Spot Task was interrupted.'), 'preempted'],
    [
      failed(UNSTARTED, 'DockerTimeoutError: Could not transition to created; timed out after waiting 4m0s'),
      'node-fail',
    ],
    [failed(UNSTARTED, 'CannotPullContainerError: toomanyrequests: Rate exceeded'), 'node-fail'],
    [failed(UNSTARTED, 'CannotPullContainerError: manifest for a:b not found: manifest unknown'), 'failed'],
    [failed(UNSTARTED, 'ResourceInitializationError: unable to pull secrets or registry auth'), 'failed'],
    [{ ...failed('Cancelled by Reprise', undefined, 143), isTerminated: true }, 'cancelled'],
    [{ ...failed('Dependent Job failed'), isCancelled: true }, 'cancelled'],
    [{ ...failed('Job attempt duration exceeded timeout'), isTerminated: true }, 'timeout'],
  ]
  for (const [said, state] of ends) assert.equal(stateOf(said), state, said.statusReason)
})

test('should say how it ended, and nothing of what goes well', () => {
  assert.equal(
    wordsOf(failed(EXITED, 'OutOfMemoryError: x', 137)),
    `${EXITED}; OutOfMemoryError: x; exit code 137`,
  )
  assert.equal(wordsOf({ status: 'FAILED' }), 'FAILED')
  assert.equal(wordsOf({ status: 'RUNNING', statusReason: 'x' }), null)
  assert.equal(wordsOf({ status: 'SUCCEEDED', statusReason: EXITED }), null)
  assert.equal(
    wordsOf({ status: 'RUNNABLE', statusReason: 'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - x' }),
    'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - x',
  )
})

test('should tell what waits for good from what waits', () => {
  const stuck = (statusReason: string, status = 'RUNNABLE') => stuckOf({ status, statusReason })
  assert.match(stuck('MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - too much.')!, /too much\. Ask for less/)
  assert.match(
    stuck('ACTION_REQUIRED - CE(s) associated with the job queue are invalid.')!,
    /invalid\. See the compute/,
  )
  assert.equal(stuck('CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - later'), null)
  assert.equal(stuck('MISCONFIGURATION:X', 'FAILED'), null)
  assert.equal(stuckOf({ status: 'RUNNABLE' }), null)
})

test('should tell images that are none from registries that are busy', () => {
  const unpulled = (words: string) => inVainOf(failed(UNSTARTED, `CannotPullContainerError: ${words}`))
  for (const words of [
    'Error response from daemon: manifest for node:no not found: manifest unknown: manifest unknown',
    'Error response from daemon: pull access denied for x, repository does not exist or may require docker login',
    'pull image manifest has been retried 1 time(s): failed to resolve ref docker.io/library/x:y: not found',
    'image Manifest does not contain descriptor matching platform linux/amd64',
  ])
    assert.match(unpulled(words)!, /^the image cannot be had: Cannot/)
  for (const words of [
    'Error response from daemon: toomanyrequests: You have reached your pull rate limit',
    'Error response from daemon: Get "https://registry-1.docker.io/v2/": net/http: request canceled while waiting for connection',
    'ref pull has been retried 5 time(s): failed to copy: httpReadSeeker: failed open: dial tcp: i/o timeout',
    'write /var/lib/docker/tmp/GetImageBlob1: no space left on device',
  ])
    assert.equal(unpulled(words), null)
  const node =
    'CannotStartContainerError: OCI runtime create failed: exec: "node": executable file not found in $PATH'
  assert.match(inVainOf(failed(UNSTARTED, node))!, /^the image has no Node/)
  assert.equal(inVainOf(failed(EXITED, undefined, 1)), null)
})
