/**
 * Submits arrays. What an array is to do is in the store before anybody is asked to run it, and its handle is after: so whoever
 * comes later knows what may be out there. One whose answer was lost is looked for by its name, for as long as it may still
 * arrive, and only then submitted again, under the same name.
 */
import { randomBytes } from 'node:crypto'
import { RepriseError } from '../../lib/errors.ts'
import type { Assignment } from '../runner.ts'
import { within } from '../within.ts'
import { freshTask, type KnownArray } from './arrays.ts'
import type { ArrayEngine } from './engine.ts'
import { type ArrayTasks, handleKey, orderKey } from './layout.ts'
import type { Missing } from './missing.ts'
import type { ArrayPatience } from './patience.ts'
import type { Batch } from './planner.ts'
import type { Store } from './store.ts'

/** Nobody is to ask about it: it was not taken. */
const NOT_TAKEN = ''

export interface Submitting {
  readonly engine: ArrayEngine
  readonly store: Store
  readonly missing: Missing
  readonly assignment: Assignment
  readonly patience: ArrayPatience
  /** All arrays that are known; new ones are added. */
  readonly arrays: KnownArray[]
  readonly engines: number
  readonly timeoutMs: number | null
  readonly silenceMs: number | null
  /** Nothing is submitted any more once it is aborted. */
  readonly signal: AbortSignal
  /** Told what a person may want to know. */
  readonly note: (words: string) => void
}

/** Since when it is not known whether it was taken, and when it is looked for next, ms. */
interface Doubt {
  readonly since: number
  next: number
  /** Looks at which the scheduler did not know it. */
  unknown: number
}

export class Submitter {
  readonly #with: Submitting
  readonly #doubts = new Map<KnownArray, Doubt>()
  /** What is being submitted now, and what is wrong with it for good. */
  #submitting: Promise<void> = Promise.resolve()
  #isBusy = false
  #failure: Error | null = null
  /** Tasks that were refused together for want of room: fewer are tried. */
  #most = Number.POSITIVE_INFINITY
  #busyMs: number
  /** Nothing is submitted before. */
  #notBefore = 0

  constructor(submitting: Submitting) {
    this.#with = submitting
    this.#busyMs = submitting.patience.busyMs
    for (const array of submitting.arrays) if (array.handle === null && isOpen(array)) this.#doubt(array)
  }

  /** Whether it is not known of any array if it was, or is being, taken. */
  get doubts(): boolean {
    return this.#isBusy || this.#doubts.size > 0
  }

  /** Tasks that may be submitted together now; 0 where it is too early. */
  get most(): number {
    return performance.now() < this.#notBefore ? 0 : this.#most
  }

  /** Settles when nothing is being submitted any more. */
  get idle(): Promise<void> {
    return this.#submitting
  }

  /** Looks for arrays of which it is not known whether they were taken. Throws `usage`, `storage`. */
  async reconcile(): Promise<void> {
    if (this.#failure !== null) throw this.#failure
    for (const [array, doubt] of this.#doubts)
      if (performance.now() >= doubt.next) await this.#lookFor(array, doubt)
  }

  /**
   * A new array of these tasks; the scheduler may take minutes, and is not waited for much longer than a look. Throws `usage`
   * where it will never be taken, `storage`, `busy`.
   */
  async submit(tasks: readonly Batch[]): Promise<void> {
    const { store, arrays, assignment, engines, timeoutMs, silenceMs } = this.#with
    const array = (arrays.at(-1)?.array ?? 0) + 1
    const { hash, capsule, inputs } = assignment
    const name = `reprise-${hash.slice(0, 8)}-${array}-${randomBytes(6).toString('hex')}`
    const order: ArrayTasks = {
      format: 'reprise/array/1',
      ...{ hash, capsule, inputs, engines, timeoutMs, silenceMs, tasks, name },
    }
    if (!(await store.put(orderKey(array), Buffer.from(JSON.stringify(order))))) throw overtaken(array)
    const known: KnownArray = {
      ...{ array, name, handle: null },
      tasks: tasks.map((batch, index) => freshTask(index, batch)),
    }
    arrays.push(known)
    await this.#handOver(known)
  }

  async #handOver(array: KnownArray): Promise<void> {
    this.#isBusy = true
    this.#submitting = this.#handOverNow(array)
      .catch((error: Error) => {
        this.#failure = error
      })
      .finally(() => {
        this.#isBusy = false
      })
    await within(this.#with.patience.lookMs, this.#submitting)
    if (this.#failure !== null) throw this.#failure
  }

  async #handOverNow(array: KnownArray): Promise<void> {
    const { engine, patience, missing, note, signal } = this.#with
    const order = { name: array.name, array: array.array, count: array.tasks.length }
    if (signal.aborted) return
    try {
      await engine.stage(order)
      if (signal.aborted) return
      await this.#taken(array, await engine.submit(order))
      this.#most *= 2
      this.#busyMs = patience.busyMs
    } catch (error) {
      const { code, line } = error instanceof RepriseError ? error : { code: 'engine', line: String(error) }
      if (code === 'storage') throw error
      note(`array ${array.array}: ${line}`)
      if (code === 'usage') {
        await this.#abandon(array)
        throw error
      }
      if (code !== 'busy') return this.#doubt(array)
      await this.#abandon(array)
      missing.putBack(array.tasks.map(({ own }) => own))
      this.#most = Math.max(1, Math.floor(order.count / 2))
      const soon = order.count > 1 && !this.#with.arrays.some(isOpen) // it may take fewer
      this.#notBefore = performance.now() + (soon ? patience.lookMs : this.#busyMs)
      if (!soon) this.#busyMs = Math.min(2 * this.#busyMs, patience.longBusyMs)
    }
  }

  #doubt(array: KnownArray): void {
    const now = performance.now()
    this.#doubts.set(array, { since: now, next: now + this.#with.patience.lookMs, unknown: 0 })
  }

  async #lookFor(array: KnownArray, doubt: Doubt): Promise<void> {
    const { engine, patience, missing } = this.#with
    doubt.next = performance.now() + patience.askMs
    let handle: string | null
    try {
      handle = await engine.find(array.name)
    } catch {
      return // it cannot be asked now
    }
    if (handle !== null) {
      this.#doubts.delete(array)
      return this.#taken(array, handle)
    }
    doubt.unknown++
    if (doubt.unknown < 2 || performance.now() - doubt.since < patience.doubtMs) return
    this.#doubts.delete(array)
    if (array.tasks.some(({ writers }) => writers.size > 0)) forget(array)
    else if (array.tasks.every(({ own }) => missing.among(own).length === 0)) await this.#abandon(array)
    else await this.#handOver(array)
  }

  async #taken(array: KnownArray, handle: string): Promise<void> {
    array.handle = handle
    await this.#with.store.put(handleKey(array.array), Buffer.from(handle))
  }

  async #abandon(array: KnownArray): Promise<void> {
    array.handle = NOT_TAKEN
    for (const task of array.tasks) Object.assign(task, { judged: true, told: true })
    await this.#with.store.put(handleKey(array.array), Buffer.from(NOT_TAKEN))
  }
}

/** It ran, and the scheduler has forgotten it: nothing more is to be expected of it. */
function forget(array: KnownArray): void {
  const over = { since: performance.now(), state: 'ended' as const }
  for (const task of array.tasks) task.over ??= over
}

/** Something may still come of it, or is to be told of it. */
export function isOpen({ tasks }: KnownArray): boolean {
  return tasks.some(({ judged, told }) => !judged || !told)
}

function overtaken(array: number): RepriseError {
  return new RepriseError('busy', 'another process submits arrays of this run', {
    subject: orderKey(array),
    remedy: 'Let only one supervise it: see reprise status',
  })
}
