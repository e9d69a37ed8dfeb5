/**
 * How arrays are looked for and looked at: squeue is asked, and where there is an accounting, sacct for what squeue
 * does not know any more; but that seldom, for its database is shared by everybody.
 */
import { RepriseError } from '../../lib/errors.ts'
import { isOver, type TaskLook, type TaskUsage } from '../array/engine.ts'
import { ACCOUNTING_FORMAT, type Accounted, lookBackOn, readAccounting } from './accounting.ts'
import { ask, complaint, type RunProgram, unanswered } from './command.ts'
import { byCluster, readHandle, toCluster } from './handle.ts'
import { lookOf, QUEUE_FORMAT, type QueueRow, readQueue, usageOf } from './queue.ts'

export interface Asking {
  readonly run: RunProgram
  readonly askMs: number
  /** Where the profile asks for one of several clusters. */
  readonly cluster: string | null
  /** Whether there is an accounting. */
  readonly accounted: () => Promise<boolean>
  /** What sacct last said of each array, and when; see `SELDOM_MS`. */
  readonly remembered: Map<string, { readonly at: number; readonly tasks: readonly Accounted[] }>
}

/** The accounting is asked again about an array after so long, ms, at the earliest. */
const SELDOM_MS = 60_000

const OWN = `--user=${process.getuid?.() ?? ''}`
/** How far back the accounting is searched for a name. */
const BACK = 'now-60days'

/** The array of this name that was submitted last. */
export async function findArray(asking: Asking, name: string): Promise<string | null> {
  if (!/^[A-Za-z0-9-]+$/.test(name))
    throw new RepriseError('usage', `is no name of an array: ${JSON.stringify(name)}`, { subject: 'slurm' })
  const { cluster } = asking
  const queued = (await queue(asking, cluster, [`--name=${name}`])).map(({ id }) => id)
  const found =
    queued.length > 0 || !(await asking.accounted())
      ? queued
      : (await accounting(asking, cluster, [`--name=${name}`, `--starttime=${BACK}`, OWN])).map(
          ({ id }) => id,
        )
  if (found.length === 0) return null
  const last = found.reduce((one, other) => (Number(one) >= Number(other) ? one : other))
  return cluster === null ? last : `${last};${cluster}`
}

export async function lookAtTasks(
  asking: Asking,
  handles: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<number, TaskLook>>> {
  const looks = new Map<string, Map<number, TaskLook>>()
  for (const [cluster, ids] of byCluster(handles)) {
    const put = (id: string, index: number, look: TaskLook) => {
      const handle = ids.get(id)
      if (handle === undefined) return
      const tasks = looks.get(handle) ?? new Map<number, TaskLook>()
      looks.set(handle, tasks.set(index, look))
    }
    const rows = await queue(asking, cluster, [jobs(ids)])
    for (const task of await accountedOf(asking, cluster, ids)) put(task.id, task.index, lookBackOn(task))
    for (const row of rows) for (const index of row.indices) put(row.id, index, lookOf(row, index)) // it knows better
  }
  return looks
}

export async function usageOfTasks(asking: Asking, handle: string): Promise<readonly TaskUsage[]> {
  const { id, cluster } = readHandle(handle)
  const ids = new Map([[id, handle]])
  const found = new Map<number, TaskUsage>()
  for (const row of await queue(asking, cluster, [jobs(ids)]))
    for (const index of row.indices) found.set(index, usageOf(row, index))
  if (await asking.accounted()) {
    for (const { id: _, word: __, ...usage } of await accounting(asking, cluster, [jobs(ids)])) {
      const queued = found.get(usage.index)
      if (queued === undefined || (isOver(queued.state) && isOver(usage.state))) found.set(usage.index, usage)
    }
  }
  return [...found.values()].filter(({ state }) => isOver(state)).sort((a, b) => a.index - b.index)
}

/** What the accounting says, as far as it says anything: without it, the scheduler's word has to do. */
async function accountedOf(
  asking: Asking,
  cluster: string | null,
  ids: ReadonlyMap<string, string>,
): Promise<readonly Accounted[]> {
  const { remembered } = asking
  const isDue = (handle: string) => Date.now() - (remembered.get(handle)?.at ?? -Infinity) > SELDOM_MS
  const due = new Map([...ids].filter(([, handle]) => isDue(handle)))
  try {
    if (due.size > 0 && (await asking.accounted())) {
      const tasks = await accounting(asking, cluster, [jobs(due)])
      const at = Date.now()
      for (const [id, handle] of due)
        remembered.set(handle, { at, tasks: tasks.filter((task) => task.id === id) })
    }
  } catch (error) {
    if (!(error instanceof RepriseError)) throw error
    const at = Date.now() // one that hangs is not waited for at every look
    for (const handle of due.values())
      remembered.set(handle, { at, tasks: remembered.get(handle)?.tasks ?? [] })
  }
  return [...ids.values()].flatMap((handle) => remembered.get(handle)?.tasks ?? [])
}

function jobs(ids: ReadonlyMap<string, string>): string {
  return `--jobs=${[...ids.keys()].join(',')}`
}

/** Rows of squeue. Without a user, it would have the controller tell of everybody's jobs. */
async function queue(
  { run, askMs }: Asking,
  cluster: string | null,
  which: readonly string[],
): Promise<readonly QueueRow[]> {
  const words = ['--noheader', '--array', '--states=all', `--Format=${QUEUE_FORMAT}`, OWN]
  const answer = await ask(run, 'squeue', [...toCluster(cluster), ...words, ...which], askMs)
  if (answer.code !== 0 && /invalid job id/i.test(answer.stderr)) return [] // of the only one that was asked for
  const rows = answer.code === 0 ? readQueue(answer.stdout) : null
  if (rows === null)
    throw unanswered(
      'squeue',
      answer.code === 0 ? 'squeue says what cannot be read' : `squeue cannot answer: ${complaint(answer)}`,
    )
  return rows
}

async function accounting(
  { run, askMs }: Asking,
  cluster: string | null,
  which: readonly string[],
): Promise<readonly Accounted[]> {
  const words = ['--noheader', '--parsable2', '--noconvert', `--format=${ACCOUNTING_FORMAT}`]
  const answer = await ask(run, 'sacct', [...toCluster(cluster), ...words, ...which], askMs)
  if (answer.code !== 0) throw unanswered('sacct', `sacct cannot answer: ${complaint(answer)}`)
  return readAccounting(answer.stdout)
}
