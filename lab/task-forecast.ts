/**
 * The tasks that a scheduler would be given: batches of chunks of about the time that a task is to take, by the rule of
 * the planner of arrays. How long they wait in the queue nobody knows before.
 */
import { batchSize } from '../runners/array/planner.ts'
import type { TaskPlace } from './places.ts'

export interface Tasks {
  readonly count: number
  readonly chunksEach: number
  readonly enginesEach: number
  readonly cpusEach: number
  /** How long one takes, ms. */
  readonly ms: number
  /** At once; null where nothing limits them but the cluster. */
  readonly atOnce: number | null
  /** Arrays, where at most `usualArray` tasks of the place go into one. */
  readonly arrays: number
  /** All of them without the queue, ms: side by side where nothing limits them. */
  readonly wallMs: number
}

/** Tasks for so many chunks, each of `chunkMs` on one engine that takes `startMs` to start. */
export function tasksOf(place: TaskPlace, chunks: number, chunkMs: number, startMs: number): Tasks {
  const { engines, cpus, taskMs, atOnce, usualArray } = place
  const chunksEach = Math.min(batchSize({ chunkMs, engines, taskMs }), chunks)
  const count = Math.ceil(chunks / chunksEach)
  const ms = Math.round(startMs + Math.ceil(chunksEach / engines) * chunkMs)
  return {
    count,
    chunksEach,
    enginesEach: engines,
    cpusEach: cpus,
    ms,
    atOnce,
    arrays: Math.ceil(count / usualArray),
    wallMs: Math.ceil(count / Math.min(atOnce ?? count, count)) * ms,
  }
}
