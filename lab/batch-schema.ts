/** What the configuration of a queue of AWS Batch may hold, as JSON Schema; see config-schema.ts. */
import { image } from './kubernetes-schema.ts'
import { awsProfile, region, s3Schema, serviceUrl } from './s3-schema.ts'
import { env, path, prices, taskTime, whole } from './schema-words.ts'

const role = {
  type: 'string',
  pattern: '^arn:aws[a-z-]{0,20}:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]{1,512}$',
  description: 'the ARN of a role, such as arn:aws:iam::123456789012:role/reprise-task',
} as const

export const batchSchema = {
  type: 'object',
  description:
    'an object such as { "kind": "aws-batch", "queue": "spot", "store": { "bucket": "experiments" } }',
  required: ['kind', 'queue', 'store'],
  additionalProperties: false,
  properties: {
    kind: { const: 'aws-batch', description: '"aws-batch"' },
    region: { ...region, title: 'of the queue' },
    profile: { ...awsProfile, title: 'of your AWS configuration, for this machine alone' },
    endpoint: { ...serviceUrl, title: 'a service that is not AWS Batch itself' },
    queue: {
      type: 'string',
      title: 'where tasks are submitted',
      pattern:
        '^(arn:aws[a-z-]{0,20}:batch:[a-z0-9-]{1,63}:[0-9]{12}:job-queue/)?[A-Za-z0-9][A-Za-z0-9_-]{0,127}$',
      description: 'the name or the ARN of a job queue',
    },
    image,
    jobRole: { ...role, title: 'the role of tasks, which may read and write the bucket' },
    executionRole: { ...role, title: 'the role that starts tasks, which Fargate needs' },
    platform: {
      enum: ['EC2', 'FARGATE'],
      title: 'where tasks run; EC2 when not given',
      description: '"EC2" or "FARGATE"',
    },
    cpus: { ...whole(1_024), title: 'CPUs of a task; 1 when not given' },
    memory: { ...whole(2 ** 24), title: 'of a task', description: `a number of MiB from 1 to ${2 ** 24}` },
    engines: { ...whole(1_024), title: 'engines of a task; one per CPU when not given' },
    attempts: { ...whole(10), title: 'of a task; 3 when not given' },
    maxTasks: { ...whole(1_000_000), title: 'tasks at once, pending or running' },
    store: { ...s3Schema, title: 'the bucket that this machine and the tasks share' },
    directory: { ...path, title: 'a folder of this machine for what is handed over' },
    taskTime,
    prices,
    env,
  },
} as const
