/** The story that the ledger tells: all of it, or of one experiment or run. It is checked before a word of it is shown. */
import type { Lab } from '../../../lab/lab.ts'
import { isRunId } from '../../../lab/lab.ts'
import { readLedger } from '../../../lab/ledger.ts'
import { entriesAbout, entryWords } from '../../../lab/ledger-story.ts'
import { nameWords, several } from '../../../lab/words.ts'
import type { Entry } from '../../../lib/entry.ts'
import { type Html, html, type Insert } from '../../html.ts'
import { sectionsOf, type View } from '../view.ts'
import { facts, runLink, table, time } from './parts.ts'

const MOST_ENTRIES = 1_000
const MOST_TEXT = 500
const COLUMNS = [
  { name: 'entry', isNumber: true },
  { name: 'time' },
  { name: 'what' },
  { name: 'of' },
  { name: 'in words' },
]

/** `about`: a run's id, an experiment's hash or its name; empty for all. Throws `not-intact` for a ledger that was changed. */
export function ledgerView(lab: Lab, about: string): View {
  const view = readLedger(lab)
  const all = view?.entries ?? []
  const entries = about === '' ? all : entriesAbout(all, about)
  const names = [...new Set(all.flatMap(({ body }) => (typeof body.name === 'string' ? [body.name] : [])))]
  const shown = entries.slice(-MOST_ENTRIES).reverse()
  const told = about === '' ? 'The whole ledger' : `Of ${nameWords(about)}`
  return {
    title: about === '' ? 'Ledger' : `Ledger: ${nameWords(about)}`,
    said: '',
    goes: false,
    key: '',
    results: '',
    sections: sectionsOf({
      choose: names.length === 0 ? null : chooseForm(names, about),
      story:
        view === null
          ? html`<p>No ledger yet: it begins with the first run.</p>`
          : html`<p>${told}: ${several(entries.length, 'entry', 'entries')}, the latest first.</p>${table('Times are UTC', COLUMNS, shown.map(row))}${entries.length > shown.length ? html`<p class="quiet">… and ${several(entries.length - shown.length, 'earlier entry', 'earlier entries')}; see reprise ledger.</p>` : null}`,
      checked: view === null ? null : checked(view.key, view.checkpoint),
    }),
  }
}

function row(entry: Entry): Insert[] {
  const { seq, time: at, kind, body } = entry
  const run = typeof body.run === 'string' && isRunId(body.run) ? runLink(body.run) : ''
  return [seq, time(at), kind, run, nameWords(entryWords(entry), MOST_TEXT)]
}

function chooseForm(names: readonly string[], about: string): Html {
  const options = names
    .slice(-MOST_ENTRIES)
    .map((name) =>
      name === about
        ? html`<option value="${name}" selected>${nameWords(name)}</option>`
        : html`<option value="${name}">${nameWords(name)}</option>`,
    )
  return html`<form action="ledger" method="get" class="choose"><label>Story of <select name="about"><option value="">everything</option>${options}</select></label> <button>Show</button></form>`
}

function checked(key: string, checkpoint: string): Html {
  return html`<h2>Checked</h2><p>The entries are those under the ledger’s own checkpoint, which is signed by the key below, and they go on from the checkpoint that is remembered on this machine.</p>${facts([['key', html`<code>${nameWords(key, 300)}</code>`]])}<pre tabindex="0">${checkpoint.slice(0, 2_000)}</pre>`
}
