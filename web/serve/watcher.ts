/**
 * One watcher for all pages that are open: it looks at what they show, once for all who see the same, the more seldom the longer
 * nothing has changed and the longer looking takes, and not at all while nobody is there.
 */
import { nameWords } from '../../lab/words.ts'
import { RepriseError } from '../../lib/errors.ts'
import { html } from '../html.ts'
import type { Looker } from './looker.ts'
import { isFull, type Stream } from './streams.ts'
import { sectionsOf, type View } from './view.ts'

/** Between two looks, ms: at most this often, at least this often; and how much of the time is spent on looking. */
const [SOON_MS, LATE_MS, LOOKING_SHARE] = [1_000, 5_000, 0.1]
const SLOWER = 1.4
/** Between two looks at the results themselves, ms. */
const MEANS_MS = 4_000

/** What a page shows: all runs, or one by its id. */
export type Topic = { readonly look: 'runs' } | { readonly look: 'run'; readonly id: string }

interface Watched {
  readonly topic: Topic
  readonly streams: Set<Stream>
  view: View | null
  means: View | null
  /** For which results they are; when they may be read again. */
  meansOf: string | null
  meansAfter: number
}

export class Watcher {
  readonly #quick: Looker
  readonly #slow: Looker
  readonly #watched = new Map<string, Watched>()
  #timer: NodeJS.Timeout | null = null
  #wait = SOON_MS
  #looking = false

  /** `slow` reads results; `quick` all else. */
  constructor(quick: Looker, slow: Looker) {
    this.#quick = quick
    this.#slow = slow
  }

  get isFull(): boolean {
    return isFull([...this.#watched.values()].reduce((sum, { streams }) => sum + streams.size, 0))
  }

  /** Keeps a page up to date until it is left. */
  add(topic: Topic, streamOf: (onClose: () => void) => Stream): void {
    const name = topic.look === 'runs' ? 'runs' : topic.id
    const watched = this.#watched.get(name) ?? newWatched(topic)
    this.#watched.set(name, watched)
    const stream = streamOf(() => {
      watched.streams.delete(stream)
      if (watched.streams.size === 0) this.#watched.delete(name)
    })
    watched.streams.add(stream)
    for (const view of [watched.view, watched.means]) if (view !== null) stream.show(view)
    this.#wait = SOON_MS
    this.#next(0)
  }

  /** Something was done just now: what came of it is to be seen soon. */
  hurry(): void {
    this.#wait = SOON_MS
    this.#next(0)
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    for (const { streams } of this.#watched.values()) for (const stream of streams) stream.end()
    this.#watched.clear()
  }

  #next(ms: number): void {
    if (this.#looking) return
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = this.#watched.size === 0 ? null : setTimeout(() => void this.#look(), ms)
  }

  async #look(): Promise<void> {
    this.#looking = true
    const start = performance.now()
    let isNew = false
    for (const watched of [...this.#watched.values()]) {
      try {
        isNew = (await this.#lookAt(watched)) || isNew
      } catch {} // what cannot be looked at now is looked at again; the page itself tells why it cannot be shown
    }
    this.#looking = false
    this.#wait = isNew ? SOON_MS : Math.min(LATE_MS, this.#wait * SLOWER)
    this.#next(Math.max(this.#wait, (performance.now() - start) / LOOKING_SHARE))
  }

  /** Whether something was new. */
  async #lookAt(watched: Watched): Promise<boolean> {
    const { topic, view: before } = watched
    const view = await (topic.look === 'runs' ? this.#quick.look('runs') : this.#quick.look('run', topic.id))
    watched.view = view
    for (const stream of watched.streams) stream.show(view)
    if (topic.look === 'run') this.#lookAtMeans(watched, topic.id, view.results)
    return view.goes || view.key !== before?.key
  }

  #lookAtMeans(watched: Watched, id: string, results: string): void {
    if (watched.meansOf === results || performance.now() < watched.meansAfter) return
    watched.meansAfter = Number.POSITIVE_INFINITY // until they are there
    const start = performance.now()
    const over = () => {
      const took = performance.now() - start
      watched.meansAfter = performance.now() + Math.max(MEANS_MS, took / LOOKING_SHARE)
    }
    this.#slow.look('means', id).then(
      (means) => {
        watched.meansOf = results
        watched.means = means
        for (const stream of watched.streams) stream.show(means)
        over()
      },
      (error: Error) => {
        watched.meansOf = results
        for (const stream of watched.streams) stream.show(withoutMeans(error))
        over()
      },
    )
  }
}

function withoutMeans(error: Error): View {
  const words = error instanceof RepriseError ? error.line : error.message
  const means = html`<p>The results cannot be read: ${nameWords(words, 500)}</p>`
  return { title: '', said: '', goes: false, key: '', results: '', sections: sectionsOf({ means }) }
}

function newWatched(topic: Topic): Watched {
  return { topic, streams: new Set(), view: null, means: null, meansOf: null, meansAfter: 0 }
}
