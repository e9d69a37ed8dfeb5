/**
 * Which chunk goes next, and which is given up. Fresh chunks come in order and in batches; a chunk that was with an
 * engine when it died is a suspect and goes alone, so that the culprit is found out and its neighbours are cleared.
 */

import { type Asker, FreshChunks } from './fresh.ts'

/** Engines that a chunk may take with it before it is set aside. */
export const STRIKES = 3

export class ChunkQueue {
  readonly #fresh: FreshChunks
  readonly #again: number[] = []
  readonly #suspects: number[] = []
  readonly #strikes = new Map<number, number>()
  /** Chunks that no engine has and that are neither done nor set aside. */
  waiting: number

  constructor(
    chunks: Iterable<number>,
    count: number,
    executedIn: ((chunk: number) => string | null) | null = null,
  ) {
    this.#fresh = new FreshChunks(chunks, executedIn)
    this.waiting = count
  }

  /** True when the next suspect has lost an engine that it had alone: the last try is in one that did nothing before. */
  get wantsFreshEngine(): boolean {
    const [chunk] = this.#suspects
    return chunk !== undefined && this.#strikes.get(chunk)! >= STRIKES - 1
  }

  /** The next suspect, to be executed alone. */
  takeSuspect(): number | undefined {
    const chunk = this.#suspects.shift()
    if (chunk !== undefined) this.waiting--
    return chunk
  }

  /** Up to `count` chunks that are under no suspicion, and that this engine may as well have as another. */
  take(count: number, asker: Asker | null = null): number[] {
    const taken = this.#again.splice(0, count)
    while (taken.length < count) {
      const next = this.#fresh.next(asker)
      if (next === undefined) break
      taken.push(next)
    }
    this.waiting -= taken.length
    return taken
  }

  /** Gives chunks back that are blameless. */
  giveBack(chunks: readonly number[]): void {
    this.#again.push(...chunks)
    this.waiting += chunks.length
  }

  /** Notes that an engine died with this chunk. Returns true when that was once too often: it is not queued again. */
  strike(chunk: number): boolean {
    const strikes = (this.#strikes.get(chunk) ?? 0) + 1
    this.#strikes.set(chunk, strikes)
    if (strikes >= STRIKES) return true
    this.#suspects.push(chunk)
    this.waiting++
    return false
  }
}
