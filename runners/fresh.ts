/**
 * Chunks in their order for whoever asks next. Where a chunk was executed before (a replica), it is kept for an engine of
 * another environment as long as there may be one.
 */

/** The engine that asks for a chunk. */
export interface Asker {
  /** Text of its environment. */
  readonly environment: string
  /** There is, or may be soon, an engine of another environment. */
  readonly others: boolean
}

/** An engine as it asks, among those that are there; null when it has not said yet what it is. */
export function askerOf(
  { environment }: { readonly environment: string | null },
  engines: Iterable<{ readonly environment: string | null }>,
): Asker | null {
  if (environment === null) return null
  return { environment, others: [...engines].some((engine) => engine.environment !== environment) }
}

/** Chunks passed over at most before they go to whoever asks. */
const MOST_HELD = 10_000

export class FreshChunks {
  readonly #chunks: Iterator<number>
  readonly #executedIn: ((chunk: number) => string | null) | null
  /** Passed over, by the environment that executed them before. */
  readonly #held = new Map<string, number[]>()
  #holding = 0

  constructor(chunks: Iterable<number>, executedIn: ((chunk: number) => string | null) | null = null) {
    this.#chunks = chunks[Symbol.iterator]()
    this.#executedIn = executedIn
  }

  /** The next chunk for this engine; undefined when there is none that it should have now. */
  next(asker: Asker | null): number | undefined {
    if (this.#executedIn === null || asker === null) return this.#following() ?? this.#oneHeld(() => true)
    const held = this.#oneHeld((environment) => environment !== asker.environment)
    if (held !== undefined) return held
    while (this.#holding < MOST_HELD) {
      const chunk = this.#following()
      if (chunk === undefined) break
      const before = this.#executedIn(chunk)
      if (before !== asker.environment) return chunk
      this.#hold(before, chunk)
    }
    return asker.others && this.#holding < MOST_HELD ? undefined : this.#oneHeld(() => true)
  }

  #following(): number | undefined {
    const { done, value } = this.#chunks.next()
    return done === true ? undefined : value
  }

  #hold(environment: string, chunk: number): void {
    const held = this.#held.get(environment)
    if (held === undefined) this.#held.set(environment, [chunk])
    else held.push(chunk)
    this.#holding++
  }

  #oneHeld(wanted: (environment: string) => boolean): number | undefined {
    for (const [environment, held] of this.#held) {
      if (!wanted(environment) || held.length === 0) continue
      this.#holding--
      return held.shift()
    }
    return undefined
  }
}
