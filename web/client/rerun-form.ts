/** What a reader chooses of a rerun: how many chunks, what they are drawn by, and how long one may take. */
import { count } from '../../lab/words.ts'
import { make } from './make-element.ts'

export interface Choice {
  /** Chunks to draw; null for all. */
  readonly count: number | null
  readonly beacon: string | null
  readonly limitMs: number
}

const COUNTS = [5, 20, 100]
const FIRST = 20
/** Seconds that a chunk may take, unless the reader says otherwise. */
const LIMIT = 600

export interface RerunForm {
  readonly element: HTMLElement
  chosen(): Choice
}

/** The choice for a run of `chunks`; `changed` is told when the reader changes it. */
export function rerunForm(chunks: number, changed: (choice: Choice) => void): RerunForm {
  const counts = [...COUNTS.filter((n) => n < chunks), null]
  const checked = counts.includes(FIRST) ? FIRST : counts[0]!
  const radios = counts.map((n) =>
    make('input', { type: 'radio', name: 'rerun-count', value: String(n ?? 'all'), checked: n === checked }),
  )
  const beacon = make('input', { id: 'rerun-beacon', type: 'text', autocomplete: 'off', spellcheck: 'false' })
  const limit = make('input', { id: 'rerun-limit', type: 'number', min: '1', value: String(LIMIT) })
  const chosen = (): Choice => {
    const value = radios.find((radio) => radio.checked)?.value ?? 'all'
    const seconds = Number(limit.value)
    return {
      count: value === 'all' ? null : Number(value),
      beacon: beacon.value === '' ? null : beacon.value,
      limitMs: 1000 * (seconds >= 1 && seconds <= 1e6 ? seconds : LIMIT),
    }
  }
  const words = counts.map((n) => (n === null ? `all ${count(chunks)}` : String(n)))
  const element = make(
    'div',
    { class: 'choice' },
    make(
      'fieldset',
      {},
      make('legend', {}, 'Chunks to execute'),
      ...radios.map((radio, i) => make('label', {}, radio, ` ${words[i]}`)),
    ),
    make(
      'p',
      { class: 'field' },
      make('label', { for: 'rerun-beacon' }, 'Draw them by a public value (left empty: at random)'),
      beacon,
    ),
    make(
      'p',
      { class: 'field' },
      make('label', { for: 'rerun-limit' }, 'Seconds that a chunk may take'),
      limit,
    ),
  )
  element.addEventListener('change', () => changed(chosen()))
  return { element, chosen }
}
