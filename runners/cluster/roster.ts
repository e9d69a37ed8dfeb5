/**
 * A list of hosts that is asked for again and again while there is work, and soon when one of them is lost: machines that
 * are rented come and go. Whoever cannot say it now is asked later; meanwhile the last that was said holds.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { RepriseError } from '../../lib/errors.ts'
import type { ClusterHost } from './surroundings.ts'

/** Where the list is had from. */
export interface Listing {
  /** The hosts as they are now. Throws where that cannot be told. The signal ends the asking. */
  ask(signal: AbortSignal): Promise<readonly ClusterHost[]>
  /** Between two questions, ms. */
  readonly everyMs: number
}

export interface Hearing {
  listed(hosts: readonly ClusterHost[]): void
  /** It cannot be told now: said once for each reason. */
  unlisted(why: string): void
}

/** Between two questions at least, however many hosts are lost, ms. */
const LEAST_MS = 2_000

export class Roster {
  readonly #listing: Listing
  readonly #hearing: Hearing
  readonly #over = new AbortController()
  #living: Promise<void> | null = null
  #wake = () => {}
  /** Something happened while the list was asked for. */
  #hurries = false
  #why: string | null = null

  constructor(listing: Listing, hearing: Hearing) {
    this.#listing = listing
    this.#hearing = hearing
  }

  /** The first question is asked after one pause: the list was had just now. */
  begin(): void {
    this.#living ??= this.#live()
  }

  /** Something happened that the list may tell of. */
  soon(): void {
    this.#hurries = true
    this.#wake()
  }

  /** Settles when nothing of it goes on. */
  async close(): Promise<void> {
    this.#over.abort()
    await this.#living
  }

  async #live(): Promise<void> {
    const { signal } = this.#over
    for (;;) {
      await this.#pause()
      if (signal.aborted) return
      try {
        const hosts = await this.#listing.ask(signal)
        this.#why = null
        if (!signal.aborted) this.#hearing.listed(hosts)
      } catch (error) {
        if (!signal.aborted) this.#complain(error instanceof RepriseError ? error.line : String(error))
      }
    }
  }

  async #pause(): Promise<void> {
    const { everyMs } = this.#listing
    const { signal } = this.#over
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve
    })
    const rest = async (ms: number, end: AbortSignal) => {
      await sleep(ms, undefined, { signal: end }).catch(() => {})
    }
    await rest(Math.min(LEAST_MS, everyMs), signal)
    const awake = new AbortController()
    const long = rest(everyMs - LEAST_MS, AbortSignal.any([signal, awake.signal]))
    if (!this.#hurries) await Promise.race([long, woken])
    this.#hurries = false
    awake.abort()
  }

  #complain(why: string): void {
    if (why !== this.#why) this.#hearing.unlisted(why)
    this.#why = why
  }
}
