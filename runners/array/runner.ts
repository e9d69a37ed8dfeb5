/**
 * Executes chunks by arrays of a scheduler's tasks. It only ever compares two things, what is asked for and what the store
 * holds, and has done what is missing: so it may be killed at any time, and goes on from the store. Tasks do not need it: what they
 * do meanwhile is there when it comes back.
 */
import type { Assignment, Runner, Sink } from '../runner.ts'
import type { ArrayEngine } from './engine.ts'
import { Execution } from './execution.ts'
import type { Store } from './store.ts'

export interface ArrayRunnerOptions {
  readonly engine: ArrayEngine
  readonly store: Store
  /** Engines of a task. */
  readonly engines: number
  /** Longest time a single job may take, ms; null for no limit. */
  readonly timeoutMs: number | null
  /** An engine not heard of for this long is lost, ms. */
  readonly silenceMs?: number
  /** How long a task is to take, ms. */
  readonly taskMs: number
  /** How long a chunk takes on one engine, ms; null where nobody knows yet. */
  readonly chunkMs: number | null
  /** Tasks at once, pending or running; null for as many as the scheduler takes. */
  readonly maxTasks: number | null
  /** How often the store is looked into, ms; all other patience follows from it. */
  readonly lookMs?: number
  /** Cores of a task; one when not given. */
  readonly cores?: number
  /** Core-hours that all tasks of the run may take; null, or not there, for any. */
  readonly maxCoreHours?: number | null
  /** How the tasks are, whenever that changed, and what they took, now and then. */
  readonly tell?: (told: TasksNow) => void
}

/** How the tasks of a run are. */
export interface TasksNow {
  /** How many are in which state. */
  readonly counts: Readonly<Record<string, number>>
  /** How many do not begin, and why. */
  readonly waiting: Readonly<Record<string, string>>
  /** Core-time so far, ms. */
  readonly coreMs: number
}

export function arrayRunner(options: ArrayRunnerOptions): Runner {
  return {
    kind: options.engine.kind,
    engines: options.engines,
    async execute(assignment: Assignment, sink: Sink, signal: AbortSignal): Promise<void> {
      await new Execution(options, assignment, sink, signal).run()
    },
  }
}
