/** A queue of AWS Batch as it is named in a configuration. */
import type { Prices } from '../cloud/prices.ts'
import type { S3Place } from '../s3/place.ts'

/** What is asked of AWS Batch for each task. */
export interface BatchWishes {
  readonly region?: string
  /** Name of a profile in the user's AWS configuration, for this machine alone. */
  readonly profile?: string
  /** URL of a service that is not AWS itself. */
  readonly endpoint?: string
  /** Name or ARN of the job queue. */
  readonly queue: string
  /** Any image with Node 20.19 or later; `public.ecr.aws/docker/library/node:<version of this machine>-slim` when not given. */
  readonly image?: string
  /** ARN of the role that tasks have, which may read and write the store. */
  readonly jobRole?: string
  /** ARN of the role that starts them; Fargate needs one. */
  readonly executionRole?: string
  /** EC2 when not given. */
  readonly platform?: 'EC2' | 'FARGATE'
  /** vCPUs of a task; 1 when not given. */
  readonly cpus?: number
  /** Memory of a task, MiB; 2048 when not given. */
  readonly memory?: number
  /** Engines of a task; one per vCPU when not given. */
  readonly engines?: number
  /** Attempts of a task, 1 to 10; 3 when not given. */
  readonly attempts?: number
  /** Tasks at once, pending or running. */
  readonly maxTasks?: number
  readonly store: S3Place
}

export interface BatchProfile extends BatchWishes {
  readonly kind: 'aws-batch'
  /** Folder of this machine for what is handed over; `~/.cache/reprise` when not given. */
  readonly directory?: string
  /** How long a task is to take, seconds: 120 when not given. */
  readonly taskTime?: number
  readonly prices?: Prices
  readonly env?: Readonly<Record<string, string>>
}
