/** How often an array runner looks where, and how long it waits for what: all in proportion to how often it looks into the store. */

export interface ArrayPatience {
  /** Between two looks into the store. */
  readonly lookMs: number
  /** Between two questions to the scheduler. */
  readonly askMs: number
  /** What the scheduler has forgotten at two looks so far apart is over. */
  readonly goneMs: number
  /** The same for what it never knew: it may not have heard of it yet. */
  readonly unseenMs: number
  /** What a task has put may be seen that much later, after one that was killed; and after one that ended by itself. */
  readonly lagMs: number
  readonly longLagMs: number
  /** A submission whose answer was lost may still arrive. */
  readonly doubtMs: number
  /** After the scheduler had no room: at first, and at most. */
  readonly busyMs: number
  readonly longBusyMs: number
  /** When all chunks are there: for tasks to end and be measured. */
  readonly graceMs: number
  /** For the scheduler to end what is to go on no more, however often it has to be told. */
  readonly cancelMs: number
}

const LOOK_MS = 2_000

export function arrayPatience(lookMs = LOOK_MS): ArrayPatience {
  return {
    lookMs,
    askMs: 4 * lookMs,
    goneMs: 5 * lookMs,
    unseenMs: 30 * lookMs,
    lagMs: 5 * lookMs,
    longLagMs: 30 * lookMs,
    doubtMs: 15 * lookMs,
    busyMs: 5 * lookMs,
    longBusyMs: 60 * lookMs,
    graceMs: 10 * lookMs,
    cancelMs: 15 * lookMs,
  }
}

/** Looking takes at most a small share of the time, however much there is to be looked through. */
export function pauseAfter(tookMs: number, leastMs: number): number {
  return Math.max(leastMs, Math.min(20 * tookMs, 60_000))
}
