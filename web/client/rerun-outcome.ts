/** What came of a rerun: by what the chunks were drawn, each that differs or could not be executed, and what that proves. */
import type { RerunPlan } from '../../lab/plan.ts'
import type { Compared } from '../verification/judgement.ts'
import type { VerdictWord } from '../verification/rerun-verdict.ts'
import { make, shown } from './make-element.ts'

/** Chunks told one by one of each kind. */
const MOST = 100
/** Characters of a line about one. */
const LONGEST = 600

/** Good, bad, or neither. */
const LOOKS: Readonly<Record<VerdictWord, string>> = {
  identical: 'intact',
  'identical but for words': 'doubted',
  unsettled: 'doubted',
  incomplete: 'broken',
  divergent: 'broken',
}

export class RerunOutcome {
  readonly element: HTMLElement
  readonly #drawn = make('p', { class: 'drawn' })
  readonly #differing = new Told('Chunks that gave other bits', 'differing')
  readonly #unsettled = new Told('Chunks that gave other bits, which may be this browser’s', 'unsettled')
  readonly #wording = new Told('Chunks identical but for the words of errors', 'wording')
  readonly #lost = new Told('Chunks that could not be executed', 'lost')
  readonly #verdict = make('p', { role: 'status', 'aria-live': 'polite', class: 'verdict' })

  constructor() {
    this.element = make(
      'div',
      { class: 'outcome' },
      this.#drawn,
      this.#verdict,
      this.#differing.element,
      this.#unsettled.element,
      this.#wording.element,
      this.#lost.element,
    )
  }

  clear(): void {
    this.#drawn.textContent = this.#verdict.textContent = ''
    this.#verdict.className = 'verdict'
    for (const list of [this.#differing, this.#unsettled, this.#wording, this.#lost]) list.clear()
  }

  /** Enough for anybody to draw the same chunks again. */
  drawn({ sample, entropy, beacon }: RerunPlan): void {
    if (sample === null) return
    const by = beacon === undefined ? 'at random' : `by the public value ${JSON.stringify(shown(beacon))}`
    this.#drawn.append(
      `Chunks drawn ${by}: ${sample.slice(0, MOST).join(', ')}${sample.length > MOST ? ' …' : ''} (entropy `,
      make('code', {}, entropy ?? ''),
      ')',
    )
  }

  /** Tells a chunk that was executed, where it is not identical. */
  add(chunk: number, compared: Compared): void {
    const { likeness } = compared
    if (likeness.kind === 'divergent') this.#differs(this.#differing, chunk, compared)
    if (likeness.kind === 'wording') this.#differs(this.#wording, chunk, compared)
    if (likeness.kind === 'unsettled')
      this.#differs(this.#unsettled, chunk, compared, `: ${likeness.why}; repeat with reprise rerun`)
    if (likeness.kind === 'needs-node')
      this.lost(chunk, `not executed: needs Node, whose ${likeness.name} a browser lacks`)
  }

  #differs(list: Told, chunk: number, { expected, actual, words }: Compared, why = ''): void {
    const line = make('span', {}, shown(words ?? `chunk ${chunk}`, LONGEST), shown(why, LONGEST))
    const digests = make(
      'span',
      { class: 'digests' },
      'recorded ',
      make('code', {}, expected),
      ', here ',
      make('code', {}, actual),
    )
    list.add(line, make('br'), digests)
  }

  lost(chunk: number, why: string): void {
    this.#lost.add(shown(`chunk ${chunk}: ${why}`, LONGEST))
  }

  verdict(word: VerdictWord, statement: string): void {
    this.#verdict.className = `verdict ${LOOKS[word]}`
    this.#verdict.append(make('strong', {}, word), `: ${shown(statement)}`)
  }
}

/** A list that tells its first lines and counts the rest; not there while it is empty. */
class Told {
  readonly element: HTMLElement
  readonly #list = make('ol')
  readonly #more = make('p')
  #lines = 0

  constructor(title: string, kind: string) {
    this.element = make(
      'section',
      { class: kind, hidden: true },
      make('h4', {}, title),
      this.#list,
      this.#more,
    )
  }

  add(...parts: readonly (Node | string)[]): void {
    this.element.hidden = false
    this.#lines++
    if (this.#lines <= MOST) this.#list.append(make('li', {}, ...parts))
    else this.#more.textContent = `… and ${this.#lines - MOST} more`
  }

  clear(): void {
    this.#lines = 0
    this.#list.replaceChildren()
    this.#more.textContent = ''
    this.element.hidden = true
  }
}
