/**
 * What the API holds, kept here: listed once, then watched, so that asking costs nothing and no server is asked again and again. A
 * watch ends all the time, for good reasons and bad: it goes on from where it was, and where that is no longer known (410),
 * the list is asked anew. What is gone from there may stay here, as far as it is still to be told.
 */
import { RepriseError } from '../../lib/errors.ts'
import { pause, Stopped } from '../array/stopping.ts'
import { within } from '../within.ts'
import type { KubernetesApi } from './api.ts'
import { type Refusal, refusalOf, unreachable } from './failures.ts'

export interface Mirrored<T> {
  readonly api: KubernetesApi
  /** Of the collection. */
  readonly path: string
  readonly labelSelector: string
  /** What is kept of an object, by what is kept of it already; null for one that is none of ours. */
  readonly read: (object: unknown, before: T | undefined) => T | null
  /** What is kept of one that is gone; null for nothing. */
  readonly gone: (item: T) => T | null
  /** How long a watch lasts, ms, and how long is waited at most after something went wrong. */
  readonly watchMs: number
  readonly backoffMs: number
}

type Fields = Readonly<Record<string, unknown>>

const PAGE = 500
/** The first wait after something went wrong, ms. */
const LEAST_MS = 250
/** A watch that brings nothing and ends sooner is taken for trouble, ms. */
const SHORT_MS = 1_000
/** Beyond its time, a watch is waited for so long, ms. */
const LATE_MS = 15_000

export class Mirror<T> {
  readonly #of: Mirrored<T>
  readonly #items = new Map<string, T>()
  readonly #gone = new Set<string>()
  readonly #end = new AbortController()
  readonly #synced: Promise<void>
  #isSynced = false
  #settle: () => void = () => {}
  /** Where the watch goes on; null: list anew. */
  #version: string | null = null
  #failures = 0
  #trouble: { since: number; error: RepriseError } | null = null
  #running = false

  constructor(mirrored: Mirrored<T>) {
    this.#of = mirrored
    this.#synced = new Promise((resolve) => {
      this.#settle = resolve
    })
  }

  get items(): ReadonlyMap<string, T> {
    return this.#items
  }

  /**
   * Settles when all that was there is here; throws `engine` where that takes longer than so many ms, or where nothing could be
   * learnt any more for `staleMs`.
   */
  async ready(patienceMs: number, staleMs: number): Promise<void> {
    if (!this.#running && !this.#end.signal.aborted) {
      this.#running = true
      void this.#run()
    }
    if (!this.#isSynced) await within(patienceMs, this.#synced)
    const trouble = this.#trouble
    if (trouble !== null && (!this.#isSynced || performance.now() - trouble.since > staleMs))
      throw cannotBeAsked(trouble.error)
    if (!this.#isSynced)
      throw refusalOf(this.#of.api.connection, {
        ...{ status: 504, reason: 'Timeout', retryAfterMs: null },
        message: 'the list of what there is takes long',
      })
  }

  /** Forgets those that are gone and not to be kept. */
  prune(keep: (item: T) => boolean): void {
    for (const name of this.#gone)
      if (!keep(this.#items.get(name)!)) {
        this.#items.delete(name)
        this.#gone.delete(name)
      }
  }

  close(): void {
    this.#end.abort()
    this.#settle()
  }

  async #run(): Promise<void> {
    const { signal } = this.#end
    try {
      while (!signal.aborted) {
        const waitMs = await this.#turn()
        if (this.#failures > 0) await pause(signal, waitMs ?? this.#backoff())
      }
    } catch (error) {
      if (!(error instanceof Stopped)) throw error
    }
  }

  /** Lists or watches; gives how long to wait then, where somebody says. */
  async #turn(): Promise<number | null> {
    try {
      return this.#refused(this.#version === null ? await this.#list() : await this.#watch())
    } catch (error) {
      this.#note(error instanceof RepriseError ? error : unreachable(this.#of.api.connection, error))
      return null
    }
  }

  /** How long to wait after a refusal; null where there is none, or as usual. */
  #refused(refusal: Refusal | null): number | null {
    if (refusal === null) return null
    if (refusal.status === 410) {
      this.#version = null
      this.#failures++
      return null
    }
    this.#note(refusalOf(this.#of.api.connection, refusal))
    return refusal.retryAfterMs
  }

  #note(error: RepriseError): void {
    this.#failures++
    if (error.code === 'usage') this.#settle() // waiting makes it no better
    this.#trouble = { since: this.#trouble?.since ?? performance.now(), error }
  }

  #backoff(): number {
    const most = Math.min(LEAST_MS * 2 ** Math.min(this.#failures, 20), this.#of.backoffMs)
    return most / 2 + (Math.random() * most) / 2
  }

  async #list(): Promise<Refusal | null> {
    const { api, path, labelSelector } = this.#of
    const { signal } = this.#end
    const found = new Map<string, T>()
    for (let from: string | undefined; ; ) {
      const query = { labelSelector, limit: PAGE, continue: from }
      const answer = await api.ask('GET', path, { query, signal })
      if ('refusal' in answer) return answer.refusal
      const { metadata, items } = (answer.object ?? {}) as { metadata?: Fields; items?: unknown }
      for (const item of Array.isArray(items) ? items : []) {
        const name = nameOf(item)
        const read = name === null ? null : this.#of.read(item, this.#items.get(name))
        if (name !== null && read !== null) found.set(name, read)
      }
      const { continue: next, resourceVersion } = metadata ?? {}
      if (typeof next === 'string' && next !== '') {
        from = next
        continue
      }
      for (const name of [...this.#items.keys()]) if (!found.has(name)) this.#remove(name)
      for (const [name, item] of found) this.#put(name, item)
      this.#version = typeof resourceVersion === 'string' ? resourceVersion : '0'
      this.#trouble = null
      this.#isSynced = true
      this.#settle()
      return null
    }
  }

  async #watch(): Promise<Refusal | null> {
    const { api, path, labelSelector, watchMs } = this.#of
    const began = performance.now()
    const query = {
      labelSelector,
      resourceVersion: this.#version ?? '0',
      allowWatchBookmarks: true,
      timeoutSeconds: Math.max(1, Math.round(watchMs / 1_000)),
    }
    let fruitful = false
    let well = true
    const refusal = await api.watch(path, {
      ...{ query, idleMs: watchMs + LATE_MS, signal: this.#end.signal },
      event: (event) => {
        well = this.#take(event)
        if (!well) return
        fruitful = true
        this.#failures = 0
        this.#trouble = null
      },
    })
    if (!well || (refusal === null && !fruitful && performance.now() - began < SHORT_MS)) this.#failures++
    return refusal
  }

  /** False for one that says that there is something wrong. */
  #take(event: unknown): boolean {
    const { type, object } = event as { type?: unknown; object?: unknown }
    if (type === 'ERROR') {
      if ((object as { code?: unknown } | null)?.code === 410) this.#version = null
      return false
    }
    const [name, version] = [nameOf(object), metadataOf(object).resourceVersion]
    if (typeof version === 'string' && this.#version !== null) this.#version = version
    if (name === null || type === 'BOOKMARK') return true
    const item = this.#of.read(object, this.#items.get(name))
    if (item !== null) this.#put(name, item) // also how it was at last
    if (type === 'DELETED') this.#remove(name)
    return true
  }

  #put(name: string, item: T): void {
    this.#items.set(name, item)
    this.#gone.delete(name)
  }

  #remove(name: string): void {
    const item = this.#items.get(name)
    if (item === undefined || this.#gone.has(name)) return
    const left = this.#of.gone(item)
    if (left === null) this.#items.delete(name)
    else {
      this.#items.set(name, left)
      this.#gone.add(name)
    }
  }
}

/** Also what is forbidden may be let again: it says nothing of what was submitted. */
function cannotBeAsked({ message, subject, remedy, cause }: RepriseError): RepriseError {
  return new RepriseError('engine', message, { subject, remedy, cause })
}

function metadataOf(object: unknown): Fields {
  return (object as { metadata?: Fields } | null)?.metadata ?? {}
}

function nameOf(object: unknown): string | null {
  const { name } = metadataOf(object)
  return typeof name === 'string' ? name : null
}
