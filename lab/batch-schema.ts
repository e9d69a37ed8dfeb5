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
    region,
    profile: awsProfile,
    endpoint: serviceUrl,
    queue: {
      type: 'string',
      pattern:
        '^(arn:aws[a-z-]{0,20}:batch:[a-z0-9-]{1,63}:[0-9]{12}:job-queue/)?[A-Za-z0-9][A-Za-z0-9_-]{0,127}$',
      description: 'the name or the ARN of a job queue',
    },
    image,
    jobRole: role,
    executionRole: role,
    platform: { enum: ['EC2', 'FARGATE'], description: '"EC2" or "FARGATE"' },
    cpus: whole(1_024),
    memory: { ...whole(2 ** 24), description: `a number of MiB from 1 to ${2 ** 24}` },
    engines: whole(1_024),
    attempts: whole(10),
    maxTasks: whole(1_000_000),
    store: s3Schema,
    directory: path,
    taskTime,
    prices,
    env,
  },
} as const
