/** The job definition of a run: what is in it, that the service takes it whatever is wished for, and that its digest tells it apart. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { definitionOf, jobOf } from '../../../runners/aws-batch/definition.ts'
import { definitionFault, faultOf } from '../../aws/requests.ts'
import { ROLE, STORE } from './stage.ts'

const CONTAINER = {
  command: ['node', '-e', 'boot'],
  env: { REPRISE_ARRAY: '1', REPRISE_STORE: '{}', B: '2' },
}
const WISHES = { queue: 'spot', store: STORE, image: 'node:20-slim' }

test('should say what tasks of machines of one’s own are started as', () => {
  const { parameters, ...rest } = definitionOf(
    { ...WISHES, cpus: 2, memory: 4096, jobRole: ROLE },
    'r1',
    CONTAINER,
  )
  assert.match(parameters.reprise!, /^[0-9a-f]{64}$/)
  assert.deepEqual(rest, {
    jobDefinitionName: 'reprise-r1',
    type: 'container',
    platformCapabilities: ['EC2'],
    containerProperties: {
      image: 'node:20-slim',
      command: ['node', '-e', 'boot'],
      environment: [
        { name: 'B', value: '2' },
        { name: 'REPRISE_STORE', value: '{}' },
      ],
      resourceRequirements: [
        { type: 'VCPU', value: '2' },
        { type: 'MEMORY', value: '4096' },
      ],
      jobRoleArn: ROLE,
      user: '1000',
      readonlyRootFilesystem: true,
      linuxParameters: {
        initProcessEnabled: true,
        tmpfs: [{ containerPath: '/tmp', size: 4096, mountOptions: ['rw', 'exec', 'nosuid', 'nodev'] }],
      },
    },
    retryStrategy: {
      attempts: 3,
      evaluateOnExit: [
        { onExitCode: '78', action: 'EXIT' },
        { onReason: 'OutOfMemoryError*', action: 'EXIT' },
        { onReason: 'CannotPullContainer*', action: 'EXIT' },
        { onStatusReason: 'Host EC2*', action: 'RETRY' },
      ],
    },
  })
})

test('should ask Fargate for what it has', () => {
  const wishes = { ...WISHES, platform: 'FARGATE' as const, executionRole: ROLE, cpus: 0.5, memory: 1024 }
  const { containerProperties, platformCapabilities } = definitionOf(wishes, 'r1', CONTAINER)
  assert.deepEqual(platformCapabilities, ['FARGATE'])
  assert.deepEqual(containerProperties!.linuxParameters, { initProcessEnabled: true })
  assert.deepEqual(containerProperties!.networkConfiguration, { assignPublicIp: 'ENABLED' })
  const { executionRole: _, ...without } = wishes
  assert.throws(() => definitionOf(without, 'r1', CONTAINER), {
    code: 'usage',
    subject: 'aws-batch: executionRole',
  })
})

test('should be taken by the service, and told apart by its digest', () => {
  const wishes = fc.record({
    cpus: fc.integer({ min: 1, max: 256 }),
    memory: fc.integer({ min: 4, max: 10 ** 6 }),
    attempts: fc.integer({ min: 1, max: 10 }),
  })
  const env = fc.dictionary(fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,20}$/), fc.string({ maxLength: 40 }), {
    maxKeys: 9,
  })
  fc.assert(
    fc.property(wishes, env, fc.integer({ min: 1, max: 99 }), (wished, more, array) => {
      const container = { command: ['node', '-e', 'x'], env: { ...more, REPRISE_ARRAY: String(array) } }
      const definition = definitionOf({ ...WISHES, ...wished }, 'r1', container)
      const sent: unknown = JSON.parse(JSON.stringify(definition))
      assert.equal(faultOf('RegisterJobDefinition', sent), null)
      assert.equal(definitionFault(sent as never), null)
      const other = { ...container, env: { ...container.env, REPRISE_ARRAY: '100' } }
      assert.deepEqual(definitionOf({ ...WISHES, ...wished }, 'r1', other), definition)
      const changed = { ...container, env: { ...container.env, MORE_THAN_THAT_THERE_IS: '' } }
      assert.notEqual(
        definitionOf({ ...WISHES, ...wished }, 'r1', changed).parameters.reprise,
        definition.parameters.reprise,
      )
    }),
    { seed: 7, numRuns: 60 },
  )
})

test('should refuse what is too much for a definition, or no name', () => {
  const large = { ...CONTAINER, env: { ...CONTAINER.env, MUCH: 'x'.repeat(25_000) } }
  assert.throws(() => definitionOf(WISHES, 'r1', large), { code: 'usage', subject: 'aws-batch: env' })
  for (const run of ['a b', 'x'.repeat(121), 'a/b'])
    assert.throws(() => definitionOf(WISHES, run, CONTAINER), { code: 'usage' })
})

test('should submit arrays as such, and a single task as a plain job', () => {
  const queue = {
    jobQueueName: 'spot',
    jobQueueArn: 'x',
    state: 'ENABLED' as const,
    priority: 1,
    computeEnvironmentOrder: [],
  }
  const environment = [{ name: 'REPRISE_ARRAY', value: '4' }]
  const plain = {
    jobName: 'reprise-a-4',
    jobQueue: 'spot',
    jobDefinition: 'reprise-r1:2',
    containerOverrides: { environment },
  }
  assert.deepEqual(jobOf({ name: 'reprise-a-4', array: 4, count: 1 }, 'reprise-r1:2', queue), plain)
  const many = jobOf({ name: 'reprise-a-4', array: 4, count: 10_000 }, 'reprise-r1:2', {
    ...queue,
    schedulingPolicyArn: 'y',
  })
  assert.deepEqual(many, { ...plain, arrayProperties: { size: 10_000 }, shareIdentifier: 'reprise' })
  assert.equal(faultOf('SubmitJob', JSON.parse(JSON.stringify(many))), null)
  assert.match(faultOf('SubmitJob', { ...plain, arrayProperties: { size: 10_001 } })!, /must be <= 10000/)
  assert.match(faultOf('SubmitJob', { ...plain, arrayProperties: { size: 1 } })!, /must be >= 2/)
})
