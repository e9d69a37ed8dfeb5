/**
 * Tells of tasks that are over, each once, and anew where it delivers something after all: what the scheduler measured joined with what the task said of itself. Accounting
 * lags, so it is waited for, a while; chunks never are held up by that.
 */
import type { TaskEnded } from '../detached/told.ts'
import type { Sink, TaskTold } from '../runner.ts'
import type { KnownArray, KnownTask } from './arrays.ts'
import type { ArrayEngine, EngineFacts, TaskUsage } from './engine.ts'
import { endState } from './judgement.ts'
import type { EngineNumbers } from './numbers.ts'
import type { ArrayPatience } from './patience.ts'
import { betweenMs } from './spent.ts'
import { wordOf } from './words.ts'

export interface Telling {
  readonly engine: ArrayEngine
  readonly sink: Sink
  readonly numbers: EngineNumbers
  readonly patience: ArrayPatience
}

export class TaskTeller {
  readonly #with: Telling
  /** By array and index. */
  readonly #usage = new Map<string, TaskUsage>()
  #asking = false
  #next = 0

  constructor(telling: Telling) {
    this.#with = telling
  }

  /** Tells what can be told by now; with `all`, whatever is not known yet. */
  tell(arrays: readonly KnownArray[], facts: EngineFacts | null, all = false): void {
    const late = performance.now() - this.#with.patience.longLagMs
    const waiting = new Set<KnownArray>()
    for (const array of arrays)
      for (const task of array.tasks) {
        if (task.told || !task.judged) continue
        const usage = this.#usage.get(`${array.array} ${task.index}`) ?? null
        const worthIt = facts?.accounting === true && !all && array.handle !== null && task.over !== null
        if (usage === null && worthIt && task.over!.since > late) waiting.add(array)
        else this.#tellTask(array, task, usage, facts)
      }
    if (waiting.size > 0) this.#ask([...waiting])
  }

  #tellTask(
    { array, handle }: KnownArray,
    task: KnownTask,
    usage: TaskUsage | null,
    facts: EngineFacts | null,
  ): void {
    const { sink, engine, numbers } = this.#with
    const engines = [...task.writers].flatMap((writer) => [...numbers.ofWriter(writer)])
    const told = toldOf(task, usage, handle === null ? `${array}_${task.index}` : `${handle}_${task.index}`)
    task.took = betweenMs(told.started, told.ended)
    sink.task?.({
      ...{ scheduler: engine.kind, cluster: facts?.cluster ?? null },
      ...told,
      engines: engines.sort((a, b) => a - b),
    })
    sink.taken?.(wordOf({ about: 'task', array, index: task.index }))
    task.told = true
    this.#usage.delete(`${array} ${task.index}`)
  }

  #ask(arrays: readonly KnownArray[]): void {
    if (this.#asking || performance.now() < this.#next) return
    this.#asking = true
    void this.#collect(arrays).finally(() => {
      this.#asking = false
      this.#next = performance.now() + this.#with.patience.askMs
    })
  }

  async #collect(arrays: readonly KnownArray[]): Promise<void> {
    for (const { array, handle } of arrays) {
      try {
        for (const usage of await this.#with.engine.collect(handle!))
          this.#usage.set(`${array} ${usage.index}`, usage)
      } catch {} // asked again, as long as it is worth it
    }
  }
}

function toldOf(
  { look, over, ended, delivered }: KnownTask,
  usage: TaskUsage | null,
  name: string,
): Omit<TaskTold, 'scheduler' | 'cluster' | 'engines'> {
  const said = over?.state ?? look?.state ?? 'unknown'
  const state = said === 'ended' && usage !== null ? usage.state : said
  return {
    job: look?.job ?? usage?.job ?? (ended?.job || name),
    restarts: Math.max(look?.restarts ?? 0, ended?.restarts ?? 0),
    node: look?.node ?? usage?.node ?? (ended?.node || null),
    state: endState(state, ended),
    words: wordsOf(look?.words ?? null, ended),
    started: usage?.started ?? ended?.started ?? null,
    ended: usage?.ended ?? ended?.ended ?? null,
    ...measured(usage, ended),
    ...(usage?.image === undefined ? {} : { image: usage.image }),
    chunks: delivered,
  }
}

function wordsOf(words: string | null, ended: TaskEnded | null): string | null {
  const both = [words, ended?.words ?? null].filter((one) => one !== null && one !== '')
  return both.length === 0 ? null : both.join(': ')
}

function measured(usage: TaskUsage | null, ended: TaskEnded | null) {
  if (usage !== null && (usage.cpuMs !== null || usage.maxRssBytes !== null))
    return { cpuMs: usage.cpuMs, maxRssBytes: usage.maxRssBytes, measured: 'scheduler' as const }
  if (ended !== null && (ended.cpuMs !== null || ended.maxRssBytes !== null))
    return { cpuMs: ended.cpuMs, maxRssBytes: ended.maxRssBytes, measured: 'task' as const }
  return { cpuMs: null, maxRssBytes: null, measured: null }
}
