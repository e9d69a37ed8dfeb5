/** Which task a container is, by what its engine and its scheduler put into its environment, read strictly. */
import { RepriseError } from '../../lib/errors.ts'
import type { TaskPlace } from '../array/task-words.ts'
import { readPlace } from '../detached/told-wishes.ts'
import type { S3Place } from '../s3/place.ts'
import { INDEX_ENV, TASK_ENV } from './container.ts'

export interface TaskHere {
  readonly task: TaskPlace
  readonly store: S3Place
  /** Environment of engines, on top of the usual. */
  readonly env: Readonly<Record<string, string>>
}

type Variables = Readonly<Record<string, string | undefined>>

const MOST = 300
const NUMBER = /^(0|[1-9]\d{0,8})$/

/** Throws `usage`. */
export function taskHere(variables: Variables): TaskHere {
  const index = INDEX_ENV.map((name) => variables[name]).find((told) => told !== undefined) ?? '0'
  const array = variables[TASK_ENV.array] ?? ''
  if (!NUMBER.test(array) || array === '0') throw bad(TASK_ENV.array, 'names no array')
  if (!NUMBER.test(index)) throw bad(INDEX_ENV.join(' or '), 'names no index')
  const store = readPlace(parsed(TASK_ENV.store, variables))
  if (store === null) throw bad(TASK_ENV.store, 'names no store')
  return {
    store,
    task: {
      ...{ array: Number(array), index: Number(index), restarts: restartsIn(variables) },
      job: nameIn(variables[TASK_ENV.job] ?? variables.AWS_BATCH_JOB_ID),
      node: nameIn(variables[TASK_ENV.node]),
    },
    env: ofEngines(variables),
  }
}

/** AWS Batch counts attempts from 1. */
function restartsIn({ AWS_BATCH_JOB_ATTEMPT: attempt = '1' }: Variables): number {
  return NUMBER.test(attempt) ? Math.max(0, Number(attempt) - 1) : 0
}

function nameIn(told = ''): string {
  return told.slice(0, MOST).toWellFormed()
}

function ofEngines(variables: Variables): Record<string, string> {
  if (variables[TASK_ENV.engines] === undefined) return {}
  const names = parsed(TASK_ENV.engines, variables)
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string' && !isOurs(name)))
    throw bad(TASK_ENV.engines, 'names what engines are not given')
  return Object.fromEntries(names.map((name: string) => [name, variables[name] ?? '']))
}

/** Of the task's own, which is nobody's affair who works for it. */
function isOurs(name: string): boolean {
  return /^(AWS|REPRISE)_/.test(name)
}

function parsed(name: string, variables: Variables): unknown {
  try {
    return JSON.parse(variables[name] ?? '')
  } catch {
    throw bad(name, 'is no JSON')
  }
}

function bad(subject: string, what: string): RepriseError {
  return new RepriseError('usage', what, {
    subject,
    remedy: 'Let the array’s own job start it, which sets what it needs',
  })
}
