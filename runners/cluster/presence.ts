/**
 * Whether a host is there, as people are told: once when it comes, once when it is missed. Of a machine that may still be
 * starting nobody is told that it does not answer.
 */
import type { Surroundings } from './surroundings.ts'

export class Presence {
  /** It is not there, and people know. */
  missed = false
  readonly #host: string
  readonly #tell: Surroundings['tell']
  readonly #bootsUntil: number
  /** It has been up before. */
  #joined = false

  /** `bootMs` is how long it may be starting from now on, ms. */
  constructor(host: string, tell: Surroundings['tell'], bootMs: number) {
    this.#host = host
    this.#tell = tell
    this.#bootsUntil = performance.now() + bootMs
  }

  /** It has never been up, and may be starting still. */
  get isBooting(): boolean {
    return !this.#joined && performance.now() < this.#bootsUntil
  }

  miss(why: string): void {
    if (this.isBooting) return
    if (!this.missed) this.#tell({ kind: this.#joined ? 'lost' : 'absent', host: this.#host, why })
    this.missed = true
  }

  greet(engines: number, latencyMs: number): void {
    const kind = this.#joined ? 'back' : 'joined'
    if (this.missed || !this.#joined) this.#tell({ kind, host: this.#host, engines, latencyMs })
    this.#joined = true
    this.missed = false
  }
}
