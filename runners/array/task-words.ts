/** How a task is called by its job script: `node PROGRAM task STORE ARRAY INDEX JOB NODE RESTARTS`. */
import { isAbsolute } from 'node:path'
import { RepriseError } from '../../lib/errors.ts'

export const TASK = 'task'

/** Which task it is. */
export interface TaskPlace {
  readonly array: number
  readonly index: number
  /** As the scheduler names the task, such as 123_4; empty where it does not. */
  readonly job: string
  readonly node: string
  readonly restarts: number
}

export interface TaskWords extends TaskPlace {
  /** Path of the store's folder. */
  readonly store: string
}

const MOST = 300

/** The words after `task`, read strictly. Throws `usage`. */
export function parseTaskWords(words: readonly string[]): TaskWords {
  const [store, array, index, job, node, restarts] = words
  if (words.length !== 6) throw bad(`are ${words.length} instead of STORE ARRAY INDEX JOB NODE RESTARTS`)
  if (!isAbsolute(store!)) throw bad('name no absolute path of a store')
  if (!/^[1-9]\d{0,8}$/.test(array!)) throw bad('name no array')
  if (!/^(0|[1-9]\d{0,8})$/.test(index!)) throw bad('name no index')
  if (!/^(0|[1-9]\d{0,8})$/.test(restarts!)) throw bad('do not say how often it was started again')
  if ([job!, node!].some((name) => name.length > MOST || !name.isWellFormed()))
    throw bad('name a job or a node at too great length')
  const numbers = { array: Number(array), index: Number(index), restarts: Number(restarts) }
  return { store: store!, ...numbers, job: job!, node: node! }
}

function bad(what: string): RepriseError {
  return new RepriseError('usage', what, {
    subject: 'words of a task',
    remedy: 'Let the job script call it, which is kept beside the run',
  })
}
