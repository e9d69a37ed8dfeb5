/** A Job as the API tells of it, reduced to what it says of its indices, also of those whose pods are gone. */
import { readIndices } from '../slurm/index-set.ts'
import { oneLine } from './failures.ts'

export interface JobLook {
  readonly name: string
  readonly count: number
  readonly array: number | null
  readonly completed: ReadonlySet<number>
  readonly failed: ReadonlySet<number>
  /** Pods that are pending or running, as it counts. */
  readonly active: number
  /** It starts no pods any more: such as Failed, DeadlineExceeded; null while it does. */
  readonly over: string | null
  /** It is being deleted. */
  readonly ending: boolean
  /** It is not there any more; this is what it said at last. */
  readonly gone: boolean
}

type Fields = Readonly<Record<string, unknown>>

/** Null where it is no Indexed Job. `arrayLabel`: the label that has the array's number. */
export function readJob(object: unknown, arrayLabel: string): JobLook | null {
  const { metadata, spec, status } = fields(object)
  const { name, labels, deletionTimestamp } = fields(metadata)
  const { completions } = fields(spec)
  if (typeof name !== 'string' || !isCount(completions)) return null
  const { completedIndexes, failedIndexes, active, conditions } = fields(status)
  const array = fields(labels)[arrayLabel]
  return {
    name,
    count: completions,
    array: typeof array === 'string' && /^[1-9]\d{0,8}$/.test(array) ? Number(array) : null,
    completed: indicesIn(completedIndexes),
    failed: indicesIn(failedIndexes),
    active: typeof active === 'number' ? active : 0,
    over: overIn(conditions),
    ending: typeof deletionTimestamp === 'string',
    gone: false,
  }
}

/** Kubernetes takes no more. */
function isCount(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 100_000
}

/** Intervals such as `0-3,7`. */
function indicesIn(text: unknown): ReadonlySet<number> {
  return new Set(typeof text === 'string' && text !== '' ? (readIndices(text) ?? []) : [])
}

function overIn(conditions: unknown): string | null {
  for (const { type, status, reason, message } of Array.isArray(conditions) ? conditions.map(fields) : []) {
    if (status !== 'True' || (type !== 'Complete' && type !== 'Failed')) continue
    return oneLine([reason, message].filter((text) => typeof text === 'string').join(': ') || type, 300)
  }
  return null
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}
