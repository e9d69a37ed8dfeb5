/**
 * The port of an array engine: a scheduler that starts the same program many times and gives each of them an index. What
 * it says is a hint for what to submit again, and nothing more: what is done, the store decides.
 */

/** What became of a task. `ended`: it is over, and the scheduler does not (or no longer) know how. */
export type TaskState =
  | 'pending'
  | 'running'
  | 'completed'
  | 'failed'
  | 'timeout'
  | 'out-of-memory'
  | 'node-fail'
  | 'preempted'
  | 'cancelled'
  | 'ended'
  /** The scheduler cannot be asked, or lags. */
  | 'unknown'

export const TASK_STATES: readonly TaskState[] = [
  'pending',
  'running',
  'completed',
  'failed',
  'timeout',
  'out-of-memory',
  'node-fail',
  'preempted',
  'cancelled',
  'ended',
  'unknown',
]

/** States in which a task executes nothing any more. */
export function isOver(state: TaskState): boolean {
  return state !== 'pending' && state !== 'running' && state !== 'unknown'
}

/** What the engine is, and how much it takes. */
export interface EngineFacts {
  /** Its own name for itself, such as ClusterName; null where it has none. */
  readonly cluster: string | null
  readonly version: string
  /** Tasks in one array. */
  readonly maxArray: number
  /** Tasks at once, pending or running; null where no limit is known. */
  readonly maxTasks: number | null
  /** Whether times and memory of tasks can be had after they have ended. */
  readonly accounting: boolean
}

/** An array as it is handed over. */
export interface ArrayOrder {
  /** Unlike that of any other, so that it can be found again when the answer was lost: letters, digits, `-`. */
  readonly name: string
  /** Number of the array in its run, from 1. */
  readonly array: number
  /** Indices are 0 … count - 1. */
  readonly count: number
}

/** How a task is doing, as far as the scheduler says. */
export interface TaskLook {
  readonly state: TaskState
  /** In the scheduler's own words, such as OUT_OF_MEMORY; or why it waits. */
  readonly words: string | null
  readonly node: string | null
  /** As the scheduler names it, such as 123_4. */
  readonly job: string
  /** How often it was started again. */
  readonly restarts: number | null
  /** ISO 8601, UTC: since when it runs, where the scheduler says. */
  readonly started?: string
  /** Why it does not begin, and what to do, where it will not by itself: no node has room for it, its image cannot be had. */
  readonly stuck?: string
}

/** What the scheduler measured of a task that is over; null where it does not say. */
export interface TaskUsage {
  readonly index: number
  readonly job: string
  readonly node: string | null
  readonly state: TaskState
  readonly exit: string | null
  /** ISO 8601, UTC. */
  readonly started: string | null
  readonly ended: string | null
  readonly cpuMs: number | null
  readonly maxRssBytes: number | null
  /** The container image that it ran, by its digest as the scheduler resolved it. */
  readonly image?: string
}

export interface ArrayEngine {
  readonly kind: string
  /** What to do where tasks end before any engine of theirs came to work. */
  readonly remedy: string
  /** What it is. Throws `engine` where it cannot be used, with what to do. */
  probe(): Promise<EngineFacts>
  /** Makes ready what submitting needs, such as the job script, which people may read and submit by hand. */
  stage(order: ArrayOrder): Promise<void>
  /**
   * Submits what was staged, and gives the handle by which it is asked about. Throws `busy` where there is no room now
   * for as many (try fewer, or later), `usage` where it will never be taken as it is (a partition that is none), `engine`
   * where it is not known whether it was taken: look for it by `find`.
   */
  submit(order: ArrayOrder): Promise<string>
  /** The handle of the array of this name; null where the scheduler knows none; throws `engine` where it cannot be asked. */
  find(name: string): Promise<string | null>
  /**
   * What it knows of the tasks of these arrays: by handle, by index. An array or an index that is left out it does not know (any
   * more). Throws `engine` where it cannot be asked now, `usage` where what was submitted will never begin as it is (an
   * image that is none), with what to do.
   */
  status(handles: readonly string[]): Promise<ReadonlyMap<string, ReadonlyMap<number, TaskLook>>>
  /** The end of what a task printed; empty where there is nothing. */
  logs(array: number, index: number): Promise<string>
  /** Ends these arrays, whatever their tasks do; those that are over already are let be. */
  cancel(handles: readonly string[]): Promise<void>
  /**
   * Ends all arrays of the run that the scheduler knows, for when the store cannot be read, and so nobody knows their handles. Not
   * there where the scheduler is not told of runs, and the store is beside whoever asks.
   */
  cancelAll?(): Promise<void>
  /** What was measured of the tasks of an array that are over; fewer, or none, where nobody measured. */
  collect(handle: string): Promise<readonly TaskUsage[]>
  /** Removes what `stage` made. */
  clean(array: number): Promise<void>
  /** Ends what it holds open. */
  close?(): void
}
