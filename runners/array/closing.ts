/** The end of an execution: nothing of it is to go on, and what is there is taken. It comes soon even if nobody answers. */
import { RepriseError } from '../../lib/errors.ts'
import { within } from '../within.ts'
import type { KnownArray } from './arrays.ts'
import type { ArrayEngine } from './engine.ts'
import type { Gatherer } from './gather.ts'
import { endedOf } from './judge.ts'
import { pause, Stopped, unlessStopped } from './stopping.ts'
import { isOpen, type Submitter } from './submit.ts'

/** For the scheduler to cancel, and for looking into the store once more, ms. */
const CANCEL_MS = 2_500
const LAST_LOOK_MS = 1_500
const LOOK_MS = 100

/** Ends all arrays whose tasks are not over. */
export async function cancelArrays(
  engine: ArrayEngine,
  submitter: Submitter,
  arrays: readonly KnownArray[],
): Promise<void> {
  const open = arrays.filter(({ tasks }) => !tasks.every(({ judged }) => judged))
  const known = open.flatMap(({ handle }) => (handle === null || handle === '' ? [] : [handle]))
  const cancelOthers = async () => {
    await submitter.idle
    const handles: string[] = []
    for (const array of open) {
      const handle = array.handle ?? (await engine.find(array.name).catch(() => null))
      if (handle !== null && handle !== '' && !known.includes(handle)) handles.push(handle)
    }
    if (handles.length > 0) await engine.cancel(handles)
  }
  // whoever goes on finds again what is left
  if (known.length > 0) await within(CANCEL_MS, engine.cancel(known)).catch(() => {})
  if (open.some(({ handle }) => handle === null)) await within(CANCEL_MS, cancelOthers()).catch(() => {})
}

/** Tasks that were told to stop put what they have: that is waited for, a moment, unless there is nothing to be missed. */
export async function gatherLast(
  gatherer: Gatherer,
  arrays: readonly KnownArray[],
  isWhole: () => boolean,
): Promise<void> {
  const until = AbortSignal.timeout(LAST_LOOK_MS)
  const open = arrays.filter(isOpen)
  try {
    do {
      await unlessStopped(until, gatherer.look(open, until))
      if (isWhole() || open.every(hasSaidAll)) return
      await pause(until, LOOK_MS)
    } while (!until.aborted)
  } catch (error) {
    if (!(error instanceof Stopped) && !(error instanceof RepriseError)) throw error
  }
}

function hasSaidAll({ tasks }: KnownArray): boolean {
  return tasks.every((task) => task.judged || task.writers.size === 0 || endedOf(task) !== null)
}

/** Nothing more is to be expected of tasks that have ended, and, where no chunk is missing, of any. */
export function concludeTasks(arrays: readonly KnownArray[], isWhole: boolean): void {
  for (const { tasks } of arrays)
    for (const task of tasks) {
      const ended = endedOf(task)
      if (task.judged || (ended === null && !isWhole)) continue
      if (ended === null || ended.state === 'stopped') task.over ??= { since: 0, state: 'cancelled' }
      task.judged = true
    }
}
