/** The end of an execution: nothing of it is to go on, and what is there is taken. It comes soon even if nobody answers. */
import { RepriseError } from '../../lib/errors.ts'
import { within } from '../within.ts'
import type { KnownArray } from './arrays.ts'
import type { ArrayEngine } from './engine.ts'
import type { Gatherer } from './gather.ts'
import { endedOf } from './judge.ts'
import type { ArrayPatience } from './patience.ts'
import { pause, Stopped, unlessStopped } from './stopping.ts'
import { isOpen, type Submitter } from './submit.ts'

/** For looking into the store once more, ms. */
const LAST_LOOK_MS = 1_500
const LOOK_MS = 100

/** Ends all arrays whose tasks are not over. What kept it from that is given back, in words: then some may go on. */
export async function cancelArrays(
  engine: ArrayEngine,
  submitter: Submitter,
  arrays: readonly KnownArray[],
  { cancelMs, lookMs }: ArrayPatience,
): Promise<string | null> {
  const open = arrays.filter(({ tasks }) => !tasks.every(({ judged }) => judged))
  const known = open.flatMap(({ handle }) => (handle === null || handle === '' ? [] : [handle]))
  const cancelOthers = async () => {
    await submitter.idle
    const handles: string[] = []
    for (const array of open) {
      const handle = array.handle ?? (await engine.find(array.name))
      if (handle !== null && handle !== '' && !known.includes(handle)) handles.push(handle)
    }
    if (handles.length > 0) await engine.cancel(handles)
  }
  const until = performance.now() + cancelMs
  const some = known.length === 0 ? null : await insist(() => engine.cancel(known), until, lookMs)
  const hidden = open.some(({ handle }) => handle === null)
  return some ?? (hidden ? await insist(cancelOthers, until, lookMs) : null)
}

/** Does it until it is done, or time is up: then what was answered last. */
export async function insist(
  action: () => Promise<void>,
  until: number,
  pauseMs: number,
): Promise<string | null> {
  for (;;) {
    const left = Math.max(0, until - performance.now())
    try {
      const done = await within(
        left,
        action().then(() => true),
      )
      return done === null ? 'the scheduler does not answer' : null
    } catch (error) {
      if (performance.now() + pauseMs >= until) return (error as Error).message
    }
    await within(pauseMs, new Promise<never>(() => {}))
  }
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

/** It does not stop because it is to: somebody else has it now, or it can be gone on with when a disk has room. */
export function othersGoOn(reason: unknown): boolean {
  return reason instanceof RepriseError && (reason.code === 'storage' || reason.code === 'busy')
}

/** What is said where not all could be ended. */
export function goesOn(subject: string, why: string): RepriseError {
  return new RepriseError('engine', `not all tasks could be ended, and some may go on: ${why}`, {
    subject,
    remedy: 'Cancel the run once more, which ends what is left of it',
  })
}
