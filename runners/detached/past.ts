/** What the segments of a journal that are there say together: what is done, and what numbers are taken. */
import { betweenMs } from '../array/spent.ts'
import { ChunkSet } from '../chunk-set.ts'
import { readSegment, segmentsIn } from './journal.ts'
import { type Ended, readTold } from './told.ts'

export interface Past {
  /** Chunks that are durable. */
  readonly done: ChunkSet
  readonly failedJobs: number
  /** The highest number of an engine so far; 0 where there was none. */
  readonly lastEngine: number
  /** What the runner asked to have remembered; see Sink.taken. */
  readonly taken: ReadonlySet<string>
  /** How long tasks of a scheduler ran that it tells of, all together, ms. */
  readonly taskMs: number
  /** How the last supervision ended; null where it did not, or there was none. */
  readonly ended: Ended | null
}

export function pastOf(folder: string): Past {
  const done = new ChunkSet()
  const taken = new Set<string>()
  const took = new Map<string, number>()
  let [failedJobs, lastEngine] = [0, 0]
  let ended: Ended | null = null
  for (const segment of segmentsIn(folder)) {
    ended = null
    readSegment(folder, segment, 0, (record) => {
      const told = readTold(record)
      if (told?.type === 'chunk') {
        if (done.add(told.done.chunk)) failedJobs += told.done.failed
      } else if (told?.type === 'engine') lastEngine = Math.max(lastEngine, told.started.engine)
      else if (told?.type === 'taken') taken.add(told.word)
      else if (told?.type === 'task')
        took.set(told.task.job, betweenMs(told.task.started, told.task.ended) ?? 0)
      else if (told?.type === 'ended') ended = told.ended
      return true
    })
  }
  const taskMs = [...took.values()].reduce((sum, ms) => sum + ms, 0)
  return { done, failedJobs, lastEngine, taken, taskMs, ended }
}
