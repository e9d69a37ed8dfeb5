/**
 * Which chunk goes next, and which is given up. Fresh chunks come in order and in batches; a chunk that was with an
 * engine when it died is a suspect and goes alone, so that the culprit is found out and its neighbours are cleared.
 */

import { type Asker, FreshChunks } from './fresh.ts'

/** Engines that a chunk may take with it before it is set aside. */
export const STRIKES = 3

/** Hosts that may be lost with it before that. */
export const HOSTS = 5
/** Lost with so many, it is tried while no other such is. */
const DANGEROUS = 3

export class ChunkQueue {
  readonly #fresh: FreshChunks
  readonly #again: number[] = []
  readonly #suspects: number[] = []
  readonly #strikes = new Map<number, number>()
  /** How often a host was lost while it had this chunk; and the one of those lost with several that is being tried. */
  readonly #hostsLost = new Map<number, number>()
  #dangerous: number | null = null
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
    const at = this.#suspects.findIndex((chunk) => this.#dangerous === null || !this.#isDangerous(chunk))
    if (at < 0) return undefined
    const [chunk] = this.#suspects.splice(at, 1)
    if (this.#isDangerous(chunk!)) this.#dangerous = chunk!
    this.waiting--
    return chunk
  }

  /** A chunk is done, or with an engine no more. */
  isOver(chunk: number): void {
    if (chunk === this.#dangerous) this.#dangerous = null
  }

  #isDangerous(chunk: number): boolean {
    return (this.#hostsLost.get(chunk) ?? 0) >= DANGEROUS
  }

  /**
   * Notes that a host was lost that had begun this chunk, which may have done it. It is queued again, soon alone, and then
   * no two of them at once; true when it was once too often.
   */
  hostLost(chunk: number): boolean {
    const lost = (this.#hostsLost.get(chunk) ?? 0) + 1
    this.#hostsLost.set(chunk, lost)
    if (lost >= HOSTS) return true
    if (lost === 1) this.#again.push(chunk)
    else this.#suspects.push(chunk)
    this.waiting++
    return false
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
