/**
 * A family of tests that are judged together: it counts them all and keeps the smallest p-values, which are all that
 * Holm's correction needs to tell which of them fall below the level.
 */
import { holm } from './holm.ts'

/** Kept in full; when all of these are below the level, there may be more. */
const MOST_KEPT = 1000

export interface Corrected<T> {
  readonly test: T
  /** Corrected for all tests of the family. */
  readonly corrected: number
}

export class Family<T extends { readonly p: number }> {
  #kept: T[] = []
  #tests = 0
  #approximate = 0

  add(test: T, exact: boolean): void {
    this.#tests++
    if (!exact) this.#approximate++
    this.#kept.push(test)
    if (this.#kept.length >= 2 * MOST_KEPT) this.#kept = this.#sorted()
  }

  get tests(): number {
    return this.#tests
  }

  /** Whether more were added than `smallest` tells. */
  get isCut(): boolean {
    return this.#tests > MOST_KEPT
  }

  get approximate(): number {
    return this.#approximate
  }

  /** The tests with the smallest p-values, ascending. */
  smallest(): Corrected<T>[] {
    const kept = this.#sorted()
    const corrected = holm(
      kept.map(({ p }) => p),
      this.#tests,
    )
    return kept.map((test, i) => ({ test, corrected: corrected[i]! }))
  }

  #sorted(): T[] {
    return this.#kept.sort((a, b) => a.p - b.p).slice(0, MOST_KEPT)
  }
}
