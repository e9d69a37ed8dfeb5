/** What happened to a run, in order: begun, lost engines, set aside, stopped, sealed. */
import { eventWords } from '../../../lab/event-words.ts'
import type { RunEvent } from '../../../lab/results.ts'
import { nameWords, several } from '../../../lab/words.ts'
import { type Html, html } from '../../html.ts'
import { table, time } from './parts.ts'

const MOST_EVENTS = 100
const MOST_TEXT = 300

/** The last of them; what engines found of their platform is not told. */
export function eventsSection(events: readonly RunEvent[], located: (place: string) => string): Html | null {
  const told = events.filter(({ kind }) => kind !== 'probed')
  if (told.length === 0) return null
  const shown = told.slice(-MOST_EVENTS)
  const rows = shown.map((event) => [time(event.time), event.kind, wordsOf(event, located)])
  const caption =
    told.length > shown.length
      ? `The last ${shown.length} of ${several(told.length, 'event')}, times in UTC`
      : 'Times are UTC'
  return html`<h2>What happened</h2>${table(caption, [{ name: 'time' }, { name: 'event' }, { name: 'with' }], rows)}`
}

function wordsOf(event: RunEvent, located: (place: string) => string): string {
  const words = eventWords(event, located)
  if (words !== null) return nameWords(words, MOST_TEXT)
  const plain = Object.entries(event.body).filter(([, value]) =>
    ['string', 'number', 'boolean'].includes(typeof value),
  )
  return nameWords(
    plain.map(([name, value]) => `${name} ${String(value).slice(0, MOST_TEXT)}`).join(', '),
    MOST_TEXT,
  )
}
