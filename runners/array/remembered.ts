/** What earlier executions of the same run have told, from the words that they left. */
import type { KnownArray } from './arrays.ts'
import type { Gatherer } from './gather.ts'
import { writerOf } from './gather.ts'
import { PART } from './layout.ts'
import type { EngineNumbers } from './numbers.ts'
import { readWord, type Word } from './words.ts'

export class Remembered {
  readonly #parts: Extract<Word, { about: 'part' }>[] = []
  readonly #tasks = new Set<string>()

  constructor(words: Iterable<string>) {
    for (const text of words) {
      const word = readWord(text)
      if (word?.about === 'part') this.#parts.push(word)
      if (word?.about === 'task') this.#tasks.add(`${word.array} ${word.index}`)
    }
  }

  /** Whether it was told that this task is over. */
  isOver(array: number, index: number): boolean {
    return this.#tasks.has(`${array} ${index}`)
  }

  /** Parts are not told again, and engines keep their numbers. */
  giveBack(arrays: readonly KnownArray[], gatherer: Gatherer, numbers: EngineNumbers): void {
    const byNumber = new Map(arrays.map((array) => [array.array, array]))
    for (const { key, chunks, engines } of this.#parts) {
      const named = PART.exec(key)!
      const task = byNumber.get(Number(named[1]))?.tasks[Number(named[2])]
      if (task === undefined) continue
      task.delivered += chunks
      gatherer.remember(key, task)
      for (const pair of engines) numbers.remember(writerOf(named), pair)
    }
  }
}
