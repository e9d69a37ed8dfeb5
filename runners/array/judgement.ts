/** A task that is over and left chunks behind: is it to blame? */
import type { TaskEnded } from '../detached/told.ts'
import type { TaskState } from './engine.ts'

/**
 * `task`: it, or what it executed, is at fault. `size`: it was too long or too large for what the scheduler gave it.
 * `nobody`: it was taken from it.
 */
export type TaskBlame = 'task' | 'size' | 'nobody'

/** The signal by which a task is told that its time is nearly up, and the one that says that it is. */
const TIME_IS_UP = /SIG(USR1|XCPU)\b/

export function blameOf(state: TaskState, ended: TaskEnded | null): TaskBlame {
  switch (state) {
    case 'timeout':
    case 'out-of-memory':
      return 'size'
    case 'node-fail':
    case 'preempted':
    case 'cancelled':
      return 'nobody'
    default:
      if (ended?.state !== 'stopped') return 'task'
      return TIME_IS_UP.test(ended.words ?? '') ? 'size' : 'nobody'
  }
}

/** How it ended: as the scheduler says, or, where that has forgotten it, as the task itself said. */
export function endState(state: TaskState, ended: TaskEnded | null): TaskState {
  if (state !== 'ended' && state !== 'unknown' && state !== 'pending' && state !== 'running') return state
  if (ended === null || ended.state === 'stopped') return 'ended'
  return ended.state
}

/** In one line. */
export function endWords(state: TaskState, words: string | null, ended: TaskEnded | null): string {
  const own = ended?.words ?? null
  return [words ?? state, own].filter((one) => one !== null && one !== '').join(': ')
}
