/**
 * What of a run was executed by tasks of a scheduler, as the run record tells it (FORMAT.md §9.7): enough to see on what it
 * stood and what it took. It is what the scheduler and the head of its cluster said, and proves nothing. Here, and nowhere
 * else in a manifest, machines have names, those that the scheduler has for its nodes: what a run was executed by can be found
 * again in a cluster's own books only by these.
 */

export interface Scheduled {
  /** Such as slurm. */
  readonly kind: string
  /** The cluster's own name for itself; null where it does not say. */
  readonly cluster: string | null
  /** Tasks that are over. One that was started again is one for each time. */
  readonly tasks: number
  /** How many of them ended how. */
  readonly states: Readonly<Record<string, number>>
  /** What the scheduler calls the jobs, or job arrays, in order of their names; null where there are more than MAX_JOBS. */
  readonly jobs: readonly string[] | null
  /** In order of their names; null where there are more than MAX_NODES. */
  readonly nodes: readonly ScheduledNode[] | null
  /** When the first of the tasks began and the last was over; null where nobody said. */
  readonly started: string | null
  readonly ended: string | null
  /** How many of the tasks were measured, and by whom; what of the rest is in neither figure below. */
  readonly measured: { readonly scheduler: number; readonly task: number }
  /** Of all processes of all tasks; null where no task was measured. */
  readonly cpuMs: number | null
  /** The most that one task took. */
  readonly maxRssBytes: number | null
  /**
   * Images of the containers that tasks ran in, by their digests as the scheduler resolved them, in order; null where there are more
   * than MAX_IMAGES, not there where it told of none.
   */
  readonly images?: readonly string[] | null
}

/** A node by the name that its scheduler has for it. */
export interface ScheduledNode {
  readonly name: string
  readonly tasks: number
  readonly engines: number
  /** Chunks of the result that were executed there. */
  readonly chunks: number
  /** Where they were: indices into the record's `environments`. */
  readonly environments: readonly number[]
}

export const MAX_JOBS = 1_000
export const MAX_NODES = 10_000
export const MAX_IMAGES = 100
