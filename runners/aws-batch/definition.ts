/**
 * The job definition of a run: what every task of it is started as. The same text for the same order, and its digest is in it, so
 * that whoever goes on finds the one that is there.
 */
import { createHash } from 'node:crypto'
import type {
  JobQueueDetail,
  RegisterJobDefinitionCommandInput,
  SubmitJobCommandInput,
} from '@aws-sdk/client-batch'
import { RepriseError } from '../../lib/errors.ts'
import type { ArrayOrder } from '../array/engine.ts'
import { type Container, IN_VAIN, TASK_ENV } from '../cloud/container.ts'
import type { BatchWishes } from './profile.ts'

/** What the service takes, bytes of JSON. */
const MOST_BYTES = 24 * 1024
/** Indices of an array. */
export const MOST_TASKS = 10_000
/** Name of the parameter that holds the digest; nothing refers to it. */
export const DIGEST = 'reprise'
/** User of tasks: in Node's own images it is called `node`. */
const USER = '1000'

const MEMORY_MIB = 2_048
const ATTEMPTS = 3

/** Name of the job definition of a run. Throws `usage` where the run's name does not go into one. */
export function definitionName(run: string): string {
  const name = `reprise-${run}`
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(name)) throw odd('run', run, 'Use letters, digits, - and _, at most 120')
  return name
}

/** Throws `usage` for wishes without which tasks cannot be started, and where it is more than the service takes. */
export function definitionOf(
  wishes: BatchWishes,
  run: string,
  { command, env }: Container,
): RegisterJobDefinitionCommandInput & { readonly parameters: Record<string, string> } {
  const {
    cpus = 1,
    memory = MEMORY_MIB,
    attempts = ATTEMPTS,
    platform = 'EC2',
    jobRole,
    executionRole,
  } = wishes
  const fargate = platform === 'FARGATE'
  if (fargate && executionRole === undefined)
    throw odd('executionRole', undefined, 'Give the ARN of the role that starts tasks: Fargate needs one')
  const without = {
    jobDefinitionName: definitionName(run),
    type: 'container' as const,
    platformCapabilities: [platform],
    containerProperties: {
      image: wishes.image ?? defaultImage(),
      command: [...command],
      environment: Object.entries(env)
        .filter(([name]) => name !== TASK_ENV.array)
        .map(([name, value]) => ({ name, value }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
      resourceRequirements: [
        { type: 'VCPU' as const, value: String(cpus) },
        { type: 'MEMORY' as const, value: String(memory) },
      ],
      ...(jobRole === undefined ? {} : { jobRoleArn: jobRole }),
      ...(executionRole === undefined ? {} : { executionRoleArn: executionRole }),
      user: USER,
      ...(fargate ? onFargate() : onOwnMachines(memory)),
    },
    retryStrategy: { attempts, evaluateOnExit: whatThen() },
  }
  const digest = createHash('sha256').update(JSON.stringify(without)).digest('hex')
  const definition = { ...without, parameters: { [DIGEST]: digest } }
  const bytes = Buffer.byteLength(JSON.stringify(definition))
  if (bytes > MOST_BYTES)
    throw odd('env', `${bytes} bytes`, `Set fewer variables: a job definition takes ${MOST_BYTES} bytes`)
  return definition
}

/** An array is a job with as many children; a single task has none. A queue that shares fairly is told who asks. */
export function jobOf(
  { name, array, count }: ArrayOrder,
  jobDefinition: string,
  { jobQueueName, schedulingPolicyArn }: JobQueueDetail,
): SubmitJobCommandInput {
  return {
    jobName: name,
    jobQueue: jobQueueName,
    jobDefinition,
    ...(schedulingPolicyArn === undefined ? {} : { shareIdentifier: 'reprise' }),
    ...(count === 1 ? {} : { arrayProperties: { size: count } }),
    containerOverrides: { environment: [{ name: TASK_ENV.array, value: String(array) }] },
  }
}

export function defaultImage(): string {
  return `public.ecr.aws/docker/library/node:${process.versions.node}-slim`
}

/** Attempts are for machines that come and go. What the same again would not change, the runner makes smaller, or ends. */
function whatThen() {
  const exit = { action: 'EXIT' as const }
  return [
    { onExitCode: String(IN_VAIN), ...exit },
    { onReason: 'OutOfMemoryError*', ...exit },
    { onReason: 'CannotPullContainer*', ...exit },
    { onStatusReason: 'Host EC2*', action: 'RETRY' as const },
  ]
}

/** Nothing can be written but what is gone with the task; as much of that as there is memory, which it is a part of. */
function onOwnMachines(memory: number) {
  return {
    readonlyRootFilesystem: true,
    linuxParameters: {
      initProcessEnabled: true,
      tmpfs: [{ containerPath: '/tmp', size: memory, mountOptions: ['rw', 'exec', 'nosuid', 'nodev'] }],
    },
  }
}

/** It has no such file systems; and without an address it reaches images only where somebody made a way for it. */
function onFargate() {
  return {
    linuxParameters: { initProcessEnabled: true },
    networkConfiguration: { assignPublicIp: 'ENABLED' as const },
  }
}

function odd(subject: string, value: unknown, remedy: string): RepriseError {
  const what =
    value === undefined ? 'is missing' : `does not go into a job definition: ${JSON.stringify(value)}`
  return new RepriseError('usage', what, { subject: `aws-batch: ${subject}`, remedy })
}
