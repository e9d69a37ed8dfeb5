/**
 * What a task's container is started with, on whatever engine that starts containers: Node of any image, a program of a few
 * kilobytes that has the task's program from the store, and variables that say which task it is. Nothing secret is in it.
 */
import { RepriseError } from '../../lib/errors.ts'
import type { S3Place } from '../s3/place.ts'

export interface Container {
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** Variables of a task's container. */
export const TASK_ENV = {
  /** S3Place of the run's store as tasks see it, JSON. */
  store: 'REPRISE_STORE',
  array: 'REPRISE_ARRAY',
  /** SHA-256 of the program, which is under `programKey`. */
  program: 'REPRISE_PROGRAM',
  /** Names of the variables that engines are given too, JSON; not there where there are none. */
  engines: 'REPRISE_ENGINES',
  /** Set by the engine, where it can: name of the node, and of the task as the scheduler has it. */
  node: 'REPRISE_NODE',
  job: 'REPRISE_JOB',
} as const

/** Where the index of a task is, by engine: Kubernetes, AWS Batch. An array of one task may have none. */
export const INDEX_ENV = ['JOB_COMPLETION_INDEX', 'AWS_BATCH_JOB_ARRAY_INDEX'] as const

/** Exit code of a task that will not get better by being started again: its order is not there, or not whole. */
export const IN_VAIN = 78

export interface Tasks {
  /** The run's store, on this side. */
  readonly place: S3Place
  /** Text of the program that has the task's program; see boot.ts. */
  readonly boot: string
  /** SHA-256 of the task's program. */
  readonly program: string
  /** What engines are given beside their own variables. */
  readonly env: Readonly<Record<string, string>>
}

/** Throws `usage` for variables that are not anybody's to set. */
export function containerOf({ place, boot, program, env }: Tasks, array: number): Container {
  const { profile: _, endpointInside, ...rest } = place
  const inside = endpointInside === undefined ? rest : { ...rest, endpoint: endpointInside }
  const taken = Object.keys(env).find(isNobodys)
  if (taken !== undefined)
    throw new RepriseError('usage', 'is not to be set for tasks', {
      subject: `env ${taken}`,
      remedy: 'Give tasks their credentials by a secret or a role',
    })
  return {
    command: ['node', '-e', boot],
    env: {
      ...env,
      [TASK_ENV.store]: JSON.stringify(inside),
      [TASK_ENV.array]: String(array),
      [TASK_ENV.program]: program,
      ...(Object.keys(env).length === 0 ? {} : { [TASK_ENV.engines]: JSON.stringify(Object.keys(env)) }),
    },
  }
}

/** Whether a variable of tasks is not anybody's to set: it is Reprise's, the service's, or the scheduler's. */
export function isNobodys(name: string): boolean {
  return /^(REPRISE|AWS)_/.test(name) || (INDEX_ENV as readonly string[]).includes(name)
}
