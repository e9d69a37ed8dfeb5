/** Failed jobs by what they said, so that ten thousand of one cause are one line. */

import type { Outcome } from '../../lab/rows.ts'
import { nameWords, pointWords } from '../../lab/words.ts'
import type { JobError } from '../../lib/chunk.ts'

export interface FailureGroup {
  /** `RangeError: it does not converge`, cut. */
  readonly words: string
  readonly jobs: number
  /** Where it was met first. */
  readonly point: string
  readonly repetition: number
}

/** Groups told, and characters of each; jobs beyond are counted in the last. */
const [MOST_GROUPS, LONGEST] = [50, 300]
const OTHERS = 'other errors'

export class Failures {
  readonly #groups = new Map<string, { jobs: number; point: string; repetition: number }>()

  /** Most frequent first. */
  groups(): FailureGroup[] {
    const groups = [...this.#groups].map(([words, group]) => ({ words, ...group }))
    return groups.sort((a, b) => b.jobs - a.jobs)
  }

  /** The same outcomes, looked at as they go by. */
  *watch(outcomes: Iterable<Outcome>): Generator<Outcome> {
    for (const outcome of outcomes) {
      if ('summary' in outcome)
        for (const { repetition, error } of outcome.failed) this.#add(error, outcome, repetition)
      else if (outcome.error !== undefined) this.#add(outcome.error, outcome, outcome.repetition)
      yield outcome
    }
  }

  #add({ name, message }: JobError, { point }: Outcome, repetition: number): void {
    const told = nameWords(`${name.slice(0, LONGEST)}: ${message.slice(0, LONGEST)}`, LONGEST)
    const words = this.#groups.has(told) || this.#groups.size < MOST_GROUPS ? told : OTHERS
    const group = this.#groups.get(words) ?? { jobs: 0, point: nameWords(pointWords(point), 200), repetition }
    group.jobs++
    this.#groups.set(words, group)
  }
}
