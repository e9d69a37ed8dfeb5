/** Pods as real clusters tell of them (Kubernetes 1.28 to 1.33, containerd and Docker), and what is made of them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readPod } from '../../../runners/kubernetes/pod.ts'

const pod = (status: object, more: object = {}) => ({
  metadata: {
    name: 'job-4-x7k2p',
    creationTimestamp: '2026-03-01T10:00:00Z',
    labels: { 'job-name': 'job', 'batch.kubernetes.io/job-name': 'job' },
    annotations: { 'batch.kubernetes.io/job-completion-index': '4' },
  },
  spec: { nodeName: 'node-1' },
  status,
  ...more,
})
const container = (state: object, imageID = '') => ({ containerStatuses: [{ name: 'task', state, imageID }] })
const waiting = (reason: string, message?: string) => ({
  phase: 'Pending',
  ...container({ waiting: { reason, message } }),
})
const ended = (exitCode: number, reason: string, more: object = {}) => ({
  phase: 'Failed',
  ...container({
    terminated: { exitCode, reason, startedAt: '2026-03-01T10:00:02Z', finishedAt: '2026-03-01T10:00:09Z' },
  }),
  ...more,
})
const disruption = (reason: string, message = '') => ({
  conditions: [{ type: 'DisruptionTarget', status: 'True', reason, message }],
})

test('should tell how each ended, and why', () => {
  const cases: readonly (readonly [object, string, RegExp | null])[] = [
    [{ phase: 'Succeeded', ...container({ terminated: { exitCode: 0, reason: 'Completed' } }) }, 'completed', null],
    [{ phase: 'Running', ...container({ running: { startedAt: '2026-03-01T10:00:02Z' } }) }, 'running', null],
    [ended(137, 'OOMKilled'), 'out-of-memory', /^OOMKilled$/],
    [ended(137, 'Error'), 'failed', /^Error, exit code 137$/],
    [ended(1, 'Error'), 'failed', /^Error, exit code 1$/],
    [ended(128, 'StartError', {}), 'failed', /^StartError, exit code 128/],
    [{ phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory. ' }, 'preempted', /^Evicted: The node was low on resource: memory\.$/],
    [{ ...ended(137, 'Error'), ...disruption('PreemptionByScheduler', 'default-scheduler: preempting to accommodate a higher priority pod') }, 'preempted', /^PreemptionByScheduler: /],
    [{ ...ended(143, 'Error'), ...disruption('EvictionByEvictionAPI') }, 'preempted', /^EvictionByEvictionAPI$/],
    [{ phase: 'Failed', ...disruption('DeletionByPodGC', 'PodGC: node no longer exists') }, 'node-fail', /^DeletionByPodGC: PodGC: node/],
    [{ phase: 'Failed', ...disruption('DeletionByTaintManager') }, 'node-fail', /^DeletionByTaintManager$/],
    [{ phase: 'Failed', reason: 'Terminated', message: 'Pod was terminated in response to imminent node shutdown.' }, 'node-fail', /^Terminated: /],
    [{ phase: 'Failed', reason: 'OutOfcpu', message: 'Pod was rejected' }, 'node-fail', /^OutOfcpu/],
    [{ ...ended(137, 'Error'), reason: 'DeadlineExceeded', message: 'Pod was active on the node longer than the specified deadline' }, 'timeout', /^DeadlineExceeded: /],
    [{ phase: 'Unknown' }, 'unknown', /^Unknown$/],
    [{}, 'pending', null],
  ] // biome-ignore format: a table
  for (const [status, state, words] of cases) {
    const read = readPod(pod(status))!
    assert.equal(read.state, state, JSON.stringify(status))
    if (words === null) assert.equal(read.words, null)
    else assert.match(read.words ?? '', words)
    assert.equal(read.trouble, null)
  }
  assert.equal(
    readPod(pod({ ...ended(137, 'Error'), ...disruption('EvictionByEvictionAPI') }))!.disrupted,
    true,
  )
  const { exit, started, node, index, job, name } = readPod(pod(ended(3, 'Error')))!
  assert.deepEqual(
    [exit, started, node, index, job, name],
    ['3', '2026-03-01T10:00:02.000Z', 'node-1', 4, 'job', 'job-4-x7k2p'],
  )
})

test('should tell why one does not begin, and whether that may pass', () => {
  const cases: readonly (readonly [object, string, boolean])[] = [
    [waiting('InvalidImageName', 'Failed to apply default image tag "A b": couldn\'t parse image name'), 'image', true],
    [waiting('ErrImageNeverPull', 'Container image "x" is not present with pull policy of Never'), 'image', true],
    [waiting('ErrImagePull', 'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/node:0": failed to resolve reference "docker.io/library/node:0": docker.io/library/node:0: not found'), 'image', true],
    [waiting('ErrImagePull', 'Error response from daemon: manifest for node:0 not found: manifest unknown: manifest unknown'), 'image', true],
    [waiting('ErrImagePull', 'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed'), 'image', true],
    [waiting('ErrImagePull', 'toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating'), 'image', false],
    [waiting('ErrImagePull', 'dial tcp: lookup registry-1.docker.io: i/o timeout'), 'image', false],
    [waiting('ImagePullBackOff', 'Back-off pulling image "node:0"'), 'image', false],
    [waiting('CreateContainerConfigError', 'secret "keys" not found'), 'configuration', true],
    [waiting('CreateContainerConfigError', "container has runAsNonRoot and image will run as root"), 'configuration', true],
    [waiting('CreateContainerConfigError', 'failed to sync secret cache: timed out waiting for the condition'), 'configuration', false],
    [{ phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes are available: 3 Insufficient cpu.' }] }, 'room', false],
  ] // biome-ignore format: a table
  for (const [status, kind, certain] of cases) {
    const { state, words, trouble } = readPod(pod(status))!
    assert.equal(state, 'pending')
    assert.deepEqual([trouble?.kind, trouble?.certain], [kind, certain], words ?? '')
    assert.equal(words, trouble?.words)
  }
  const starting = readPod(pod(waiting('ContainerCreating')))!
  assert.deepEqual([starting.words, starting.trouble], ['ContainerCreating', null])
})

test('should tell the image by its digest, whatever the runtime writes before it', () => {
  const digest = `sha256:${'a1'.repeat(32)}`
  const imageOf = (imageID: string) => readPod(pod({ phase: 'Running', ...container({}, imageID) }))!.image
  assert.equal(imageOf(`docker.io/library/node@${digest}`), `docker.io/library/node@${digest}`)
  assert.equal(imageOf(`docker-pullable://node@${digest}`), `node@${digest}`)
  assert.equal(imageOf(digest), digest)
  assert.equal(imageOf(`docker://${digest}`), digest)
  for (const other of ['', 'node:20', 'node@sha256:abc', `a\nb@${digest}`]) assert.equal(imageOf(other), null)
})

test('should read whatever comes, and take nothing for a pod that is none', () => {
  const key = fc.constantFrom('metadata', 'spec', 'status', 'name', 'labels', 'annotations', 'job-name', 'batch.kubernetes.io/job-completion-index', 'phase', 'containerStatuses', 'state', 'waiting', 'terminated', 'reason', 'message', 'conditions', 'exitCode', 'nodeName') // biome-ignore format: a list of words
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.oneof(
        fc.constant(null),
        fc.string(),
        fc.integer(),
        fc.constantFrom('task', 'Failed', 'Pending', '7'),
      ),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(key, tie('tree')),
    ),
  }))
  fc.assert(
    fc.property(tree, (status) => {
      assert.equal(readPod({ metadata: {}, status }), null)
      const read = readPod(pod(status as object, { spec: status }))
      assert.ok(read !== null && (read.words === null || read.words.length <= 1_000))
      readPod(status)
    }),
    { seed: 3, numRuns: 300 },
  )
})
