/**
 * Tasks that are over: what they left behind comes back, or is given up where it took too many tasks with it. Where no
 * task ever comes to work, or nothing but failures is heard of any more, that is the end: it is no chunk's fault.
 */
import { RepriseError } from '../../lib/errors.ts'
import type { TaskEnded } from '../detached/told.ts'
import { lastLine } from '../link.ts'
import type { Sink } from '../runner.ts'
import { within } from '../within.ts'
import type { KnownArray, KnownTask } from './arrays.ts'
import { type ArrayEngine, isOver } from './engine.ts'
import type { Gatherer } from './gather.ts'
import { blameOf, endWords } from './judgement.ts'
import { type Missing, STRIKES, TAKEN_AWAY } from './missing.ts'
import type { EngineNumbers } from './numbers.ts'
import type { ArrayPatience } from './patience.ts'

/** Tasks that may fail before any engine came to work. */
const FALSE_STARTS = 8
/** Tasks that may fail in a row, with no chunk of any task in between. */
const IN_A_ROW = 100
const LOGS_MS = 5_000

export interface Judging {
  readonly engine: ArrayEngine
  readonly sink: Sink
  readonly missing: Missing
  readonly numbers: EngineNumbers
  readonly gatherer: Gatherer
  readonly patience: ArrayPatience
}

export class Judge {
  readonly #with: Judging
  /** Tasks that failed since a chunk came. */
  #failures = 0
  #chunks = 0

  constructor(judging: Judging) {
    this.#with = judging
  }

  /** After the store was looked into: judges those that were over before. Throws `engine` where it is hopeless, `storage`. */
  async judge(arrays: readonly KnownArray[], before: number, signal: AbortSignal): Promise<void> {
    const { gatherer } = this.#with
    if (gatherer.chunks > this.#chunks) this.#failures = 0
    this.#chunks = gatherer.chunks
    for (const array of arrays)
      for (const task of array.tasks)
        if (!task.judged && task.over !== null && task.over.since <= before && !signal.aborted)
          await this.#judgeTask(arrays, array, task, signal)
  }

  async #judgeTask(
    arrays: readonly KnownArray[],
    array: KnownArray,
    task: KnownTask,
    signal: AbortSignal,
  ): Promise<void> {
    const { missing, gatherer, engine, numbers, sink } = this.#with
    if (task.ended === null && task.writers.size > 0) await gatherer.lastWords(array.array, task)
    if (signal.aborted) return
    const left = missing.among(task.own)
    const ended = endedOf(task)
    if (left.length > 0 && ended === null && !this.#waited(task)) return
    task.judged = true
    if (left.length === 0) return
    const state = task.over!.state
    const blame = array.handle === null ? 'nobody' : blameOf(state, ended)
    const progress = task.delivered > 0
    const reason = `task ${task.look?.job ?? `${task.index} of array ${array.array}`}: ${endWords(state, task.look?.words ?? null, ended)}`
    sink.lost(engineOf(task, numbers), reason, left)
    if (blame === 'task' && !progress) await this.#doubt(arrays, array, task, ended)
    const given = missing.comeBack(left, blame, progress)
    if (given.length === 0) return
    const printed = lastLine(await lastWordsOf(engine, array, task))
    if (signal.aborted) return // whoever goes on finds out anew
    const last = printed === '' ? reason : `${reason}: ${printed}`
    const why =
      blame === 'nobody'
        ? `${TAKEN_AWAY} tasks with it were taken away`
        : `${STRIKES} tasks were lost with it`
    for (const chunk of given) sink.setAside(chunk, `${why}; the last: ${last}`)
  }

  /** Whether all that it put is to be seen by now, as far as that can be said. */
  #waited({ over }: KnownTask): boolean {
    const { lagMs, longLagMs } = this.#with.patience
    const { since, state } = over!
    return performance.now() - since >= (state === 'completed' ? longLagMs : lagMs)
  }

  async #doubt(arrays: readonly KnownArray[], array: KnownArray, task: KnownTask, ended: TaskEnded | null) {
    const { gatherer, engine } = this.#with
    this.#failures++
    const all = arrays.every(({ handle, tasks }) => handle === '' || tasks.every(({ judged }) => judged))
    const failed = task.over!.state === 'failed' || ended?.state === 'failed' // not only forgotten
    const never = failed && !gatherer.worked && (this.#failures >= FALSE_STARTS || all)
    if (!never && this.#failures < IN_A_ROW) return
    const words = ended?.words ?? lastLine(await lastWordsOf(engine, array, task))
    const said = words === '' ? endWords(task.over!.state, task.look?.words ?? null, null) : words
    const what = never ? 'engines cannot be started' : `${this.#failures} tasks failed in a row`
    throw new RepriseError('engine', `${what}: ${said}`, {
      subject: engine.kind,
      remedy: `${engine.remedy}; then resume`,
    })
  }
}

/** What it said at its end, unless it was started again after that. */
export function endedOf({ ended, look }: KnownTask): TaskEnded | null {
  if (ended === null || ended.restarts < (look?.restarts ?? 0)) return null
  // where nobody counts, every start has a name of its own; a task of which there is no trace any more has no node
  const another = look?.restarts === null && ended.job !== '' && ended.job !== look.job
  return another && (!isOver(look.state) || look.node !== null) ? null : ended
}

/** One of its engines; 0 where there was none. */
function engineOf(task: KnownTask, numbers: EngineNumbers): number {
  for (const writer of task.writers) for (const engine of numbers.ofWriter(writer)) return engine
  return 0
}

async function lastWordsOf(engine: ArrayEngine, { array }: KnownArray, { index }: KnownTask) {
  try {
    return (await within(LOGS_MS, engine.logs(array, index))) ?? ''
  } catch {
    return '' // words beside the matter
  }
}
