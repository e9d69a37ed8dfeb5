/**
 * The time of cores that the tasks of a run took so far, which is what is paid for where machines are rented: from when each
 * began to when it ended, times the cores that are asked for it, whether they were at work or not. Of tasks that run it is
 * counted on; of an attempt that was followed by another the scheduler tells nothing any more, and it is not counted.
 */
import { RepriseError } from '../../lib/errors.ts'
import type { KnownArray, KnownTask } from './arrays.ts'

export const HOUR_MS = 3_600_000

export interface Spending {
  /** Cores of a task. */
  readonly cores: number
  /** Time of tasks that earlier executions told of, ms. */
  readonly beforeMs: number
}

/** Core-time, ms. */
export function spentMs(
  arrays: readonly KnownArray[],
  { cores, beforeMs }: Spending,
  now = Date.now(),
): number {
  let sum = beforeMs
  for (const { tasks } of arrays) for (const task of tasks) sum += tookMs(task, now)
  return cores * sum
}

/** How long it ran so far; none where it did not begin, or was told by an earlier execution. */
function tookMs({ took, runs, over }: KnownTask, now: number): number {
  if (took !== null) return took
  if (runs === null) return 0
  const end = over === null ? now : now - (performance.now() - over.since)
  return Math.max(0, end - runs)
}

/** Times as a record has them, ms; null where one is missing or they are no times. */
export function betweenMs(started: string | null, ended: string | null): number | null {
  const took = started === null || ended === null ? Number.NaN : Date.parse(ended) - Date.parse(started)
  return took >= 0 ? took : null
}

/** Throws `incomplete` where it is more than what the run may take. */
export function demandWithin(coreMs: number, maxCoreHours: number | null): void {
  if (maxCoreHours === null || coreMs <= maxCoreHours * HOUR_MS) return
  throw overspent(coreMs, maxCoreHours)
}

/** What stops a run that has taken what it may. */
export function overspent(coreMs: number, maxCoreHours: number): RepriseError {
  const spent = Number((coreMs / HOUR_MS).toPrecision(3))
  return new RepriseError(
    'incomplete',
    `the run has taken ${spent} core-hours, and may take ${maxCoreHours}`,
    {
      subject: '--max-core-hours',
      remedy: 'Resume it with --max-core-hours and more of them, or none; what is done is kept',
    },
  )
}
