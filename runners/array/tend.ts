/**
 * What the scheduler says of tasks, as far as it is believed: that a task is over. It is a hint for what to submit again: what
 * a task has done, the store says, which is looked into once more before anything is concluded.
 */
import { RepriseError } from '../../lib/errors.ts'
import type { KnownArray, KnownTask } from './arrays.ts'
import { type ArrayEngine, isOver, type TaskLook } from './engine.ts'
import type { ArrayPatience } from './patience.ts'

export type Looks = ReadonlyMap<string, ReadonlyMap<number, TaskLook>>

/** Asks the scheduler now and then, and never waits for it. */
export class States {
  readonly #engine: ArrayEngine
  readonly #patience: ArrayPatience
  #asking = false
  #next = 0
  /** Why what was submitted will never begin as it is. */
  #refused: RepriseError | null = null
  #answer: { asked: ReadonlySet<string>; looks: Looks } | null = null

  constructor(engine: ArrayEngine, patience: ArrayPatience) {
    this.#engine = engine
    this.#patience = patience
  }

  /** Asks about these arrays, unless it was asked just now. */
  ask(arrays: readonly KnownArray[]): void {
    const asked = new Set(arrays.flatMap(({ handle }) => (handle === null || handle === '' ? [] : [handle])))
    if (this.#asking || asked.size === 0 || performance.now() < this.#next) return
    this.#asking = true
    const began = performance.now()
    this.#engine
      .status([...asked])
      .then(
        (looks) => {
          this.#answer = { asked, looks }
        },
        (error) => {
          if (error instanceof RepriseError && error.code === 'usage') this.#refused = error
          // else it cannot be asked: nothing is concluded
        },
      )
      .finally(() => {
        this.#asking = false
        const took = performance.now() - began
        this.#next = performance.now() + Math.max(this.#patience.askMs, 10 * took)
      })
  }

  /** Throws `usage` where the scheduler said that what was submitted will never begin as it is. */
  demandHope(): void {
    if (this.#refused !== null) throw this.#refused
  }

  /** Notes what was answered since the last time; false where nothing was. */
  note(arrays: readonly KnownArray[]): boolean {
    const answer = this.#answer
    this.#answer = null
    if (answer === null) return false
    const now = performance.now()
    for (const { handle, tasks } of arrays) {
      if (handle === null || !answer.asked.has(handle)) continue
      const looks = answer.looks.get(handle)
      for (const task of tasks) if (!task.judged) noteTask(task, looks?.get(task.index), now, this.#patience)
    }
    return true
  }
}

function noteTask(task: KnownTask, look: TaskLook | undefined, now: number, patience: ArrayPatience): void {
  if (look !== undefined && look.state !== 'unknown') {
    task.look = look
    task.absent = null
    if (look.state === 'running') task.runs ??= beganAt(look)
    if (!isOver(look.state)) task.over = null
    else if (task.over?.state !== look.state) task.over = { since: now, state: look.state }
    return
  }
  if (task.over !== null) return
  const absent = task.absent ?? { since: now, looks: 0 }
  absent.looks++
  task.absent = absent
  const patienceMs = task.look === null || look !== undefined ? patience.unseenMs : patience.goneMs
  if (absent.looks > 1 && now - absent.since >= patienceMs) task.over = { since: now, state: 'ended' }
}

/** ms since 1970: as the scheduler says, but not later than now. */
function beganAt({ started }: TaskLook): number {
  const told = started === undefined ? Number.NaN : Date.parse(started)
  return Number.isNaN(told) ? Date.now() : Math.min(told, Date.now())
}
