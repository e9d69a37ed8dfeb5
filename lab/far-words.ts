/** What a head says of a run, in a few words: its state, the tasks of its scheduler, and about how long it will still take. */

import type { FarRun } from '../runners/detached/status.ts'
import type { RunState } from './state.ts'
import { count, duration, oneLine } from './words.ts'

/** How it is there; what stopped it, if anything did. */
export function stateWords({ state, reason }: FarRun): string {
  return reason === null ? state : `${state}: ${oneLine(reason)}`
}

/** `3 tasks running, 5 pending`; empty where no scheduler has any. */
export function tasksWords({ tasks }: Pick<FarRun, 'tasks'>): string {
  const counts = Object.entries(tasks ?? {}).filter(([, n]) => n > 0)
  return counts
    .map(([state, n], i) => `${count(n)} ${i > 0 ? '' : n === 1 ? 'task ' : 'tasks '}${oneLine(state)}`)
    .join(', ')
}

/** At the rate since it was handed over; null before anything is done there, and of what does not go on. */
export function secondsLeft({ state, done, total, submitted, updated }: FarRun): number | null {
  const took = (Date.parse(updated) - Date.parse(submitted)) / 1000
  if (state !== 'running' || done === 0 || !(took > 0)) return null
  return ((total - done) * took) / done
}

/** Tasks and time left, in one line; empty where neither is known. */
export function goingWords(there: FarRun): string {
  const left = secondsLeft(there)
  const words = [tasksWords(there), left === null ? '' : `about ${duration(left)} left`]
  return words.filter((each) => each !== '').join(', ')
}

/** Of a run that a cluster has: which, and what was said of it last. */
export function awayRows({ state, detached }: RunState): string[][] {
  if (state !== 'detached' || detached === null) return []
  const { runner, there, asked } = detached
  if (there === null) return [['with', runner]]
  const words = [stateWords(there), goingWords(there)].filter((each) => each !== '').join(', ')
  return [['with', `${runner}: ${words}, as it said at ${asked?.slice(0, 16)}Z`]]
}
