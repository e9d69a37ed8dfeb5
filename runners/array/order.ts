/** What an array's order says, read strictly: it lies on a folder that others may write to, and tasks of any time read it. */
import { isAbsolute } from 'node:path'
import { RepriseError } from '../../lib/errors.ts'
import { type ChunkRange, chunksIn } from '../detached/submission.ts'
import { type ArrayTasks, CONTENT, orderKey } from './layout.ts'

const MOST_CHUNK = 2 ** 24
const MOST_ENGINES = 4_096
const DIGEST = /^[0-9a-f]{64}$/

/** Throws `not-intact`. */
export function parseOrder(array: number, bytes: Uint8Array): ArrayTasks {
  const bad = (what: string) =>
    new RepriseError('not-intact', `cannot be read: ${what}`, {
      subject: orderKey(array),
      remedy: 'See who changed it; what is missing of the run can be submitted again',
    })
  let told: Record<string, unknown>
  try {
    told = JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    throw bad('it is no JSON')
  }
  if (typeof told !== 'object' || told === null || told.format !== 'reprise/array/1')
    throw bad('it is none of this version')
  const { hash, capsule, inputs, engines, timeoutMs, silenceMs, tasks, name } = told
  if (typeof hash !== 'string' || !DIGEST.test(hash)) throw bad('hash')
  if (!isPlace(capsule)) throw bad('capsule')
  if (typeof inputs !== 'object' || inputs === null || Array.isArray(inputs)) throw bad('inputs')
  if (!Object.entries(inputs).every(([digest, path]) => DIGEST.test(digest) && isPlace(path)))
    throw bad('inputs')
  if (!isCount(engines) || engines < 1 || engines > MOST_ENGINES) throw bad('engines')
  if (!isDuration(timeoutMs) || !isDuration(silenceMs)) throw bad('times')
  if (!Array.isArray(tasks) || !tasks.every((task) => Array.isArray(task) && task.every(isRange)))
    throw bad('tasks')
  if (chunksIn(tasks.flat()) > MOST_CHUNK) throw bad('chunks')
  if (typeof name !== 'string' || !/^[A-Za-z0-9-]{1,200}$/.test(name)) throw bad('name')
  return {
    format: 'reprise/array/1',
    ...{ hash, capsule, inputs: { ...(inputs as Record<string, string>) }, engines, timeoutMs, silenceMs },
    ...{ tasks, name },
  }
}

function isPlace(value: unknown): value is string {
  return typeof value === 'string' && ((isAbsolute(value) && !value.includes('\0')) || CONTENT.test(value))
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isDuration(value: unknown): value is number | null {
  return value === null || (typeof value === 'number' && value > 0 && Number.isFinite(value))
}

function isRange(value: unknown): value is ChunkRange {
  return Array.isArray(value) && value.length === 2 && value.every((n) => isCount(n) && n < MOST_CHUNK)
}
