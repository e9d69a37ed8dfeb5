/** One number for each engine of all tasks: in parts each attempt of a task counts its own from 1. */
import type { Numbered } from './words.ts'

/** Words of nobody's: of a task before it had an engine. */
const NOBODY = 0

export class EngineNumbers {
  readonly #told = new Map<string, Map<number, number>>()
  #last: number

  /** Counts on from the last number that is taken. */
  constructor(last: number) {
    this.#last = last
  }

  /** Whether an engine ever came to work. */
  get any(): boolean {
    return this.#told.size > 0
  }

  /** The number under which an engine of this writer was told; null where it was not. */
  of(writer: string, inPart: number): number | null {
    return inPart === NOBODY ? NOBODY : (this.#told.get(writer)?.get(inPart) ?? null)
  }

  /** A new engine of this writer; the same number where it was told before. */
  add(writer: string, inPart: number): number {
    const known = this.of(writer, inPart)
    if (known !== null) return known
    this.remember(writer, [inPart, this.#last + 1])
    return this.#last
  }

  /** As it was told in an earlier execution. */
  remember(writer: string, [inPart, told]: Numbered): void {
    const own = this.#told.get(writer) ?? new Map<number, number>()
    this.#told.set(writer, own.set(inPart, told))
    this.#last = Math.max(this.#last, told)
  }

  ofWriter(writer: string): Iterable<number> {
    return this.#told.get(writer)?.values() ?? []
  }
}
