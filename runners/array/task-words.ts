/** How a task is called by its job script: `node PROGRAM task STORE ARRAY INDEX JOB NODE RESTARTS`. */
export const TASK = 'task'

export interface TaskWords {
  /** Path of the store's folder. */
  readonly store: string
  readonly array: number
  readonly index: number
  /** As the scheduler names the task, such as 123_4; empty where it does not. */
  readonly job: string
  readonly node: string
  readonly restarts: number
}
