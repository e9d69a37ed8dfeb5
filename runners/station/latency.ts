/** What a message takes there and back: of the last round trips the shortest, since the others waited behind something. */

const ROUNDS = 6

export class Latency {
  readonly #ping: () => Promise<unknown>
  readonly #rounds: number[] = []

  constructor(ping: () => Promise<unknown>) {
    this.#ping = ping
  }

  async measure(): Promise<void> {
    const began = performance.now()
    await this.#ping()
    this.#rounds.push(performance.now() - began)
    if (this.#rounds.length > ROUNDS) this.#rounds.shift()
  }

  /** 0 before the first. */
  get ms(): number {
    return this.#rounds.length === 0 ? 0 : Math.min(...this.#rounds)
  }
}
