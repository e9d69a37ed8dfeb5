/** Parts of which pages of the lab are put together. */
import type { RunState, StateName } from '../../../lab/state.ts'
import { count, nameWords } from '../../../lab/words.ts'
import { type Html, html, type Insert } from '../../html.ts'

/** How a state is to be taken; the word is always there too. */
const MOODS: Readonly<Record<StateName, string>> = {
  running: 'going',
  detached: 'going',
  interrupted: 'warn',
  cancelled: 'warn',
  incomplete: 'bad',
  failed: 'bad',
  damaged: 'bad',
  sealed: 'good',
  sampled: 'good',
}

const VERDICTS: Readonly<Record<string, string>> = { identical: 'good', divergent: 'bad', incomplete: 'warn' }

/** The state, or of a rerun that is over what came of it. */
export function stateMark({ state, verdict }: RunState): Html {
  const mood = verdict === null ? MOODS[state] : (VERDICTS[verdict] ?? 'warn')
  return html`<span class="state ${mood}">${verdict ?? state}</span>`
}

/** How much of a whole is there, as a bar and in figures. */
export function share(done: number, of: number, what: string): Html {
  const percent = of === 0 ? 0 : Math.floor((100 * done) / of)
  return html`<progress max="${Math.max(1, of)}" value="${done}" aria-label="${`${percent} % of ${what}`}"></progress> <span class="number">${count(done)} of ${count(of)}</span>`
}

/** Names and what they stand for; rows of null are left out. */
export function facts(rows: readonly (readonly [name: string, value: Insert] | null)[]): Html {
  const shown = rows.filter((row) => row !== null)
  return html`<dl>${shown.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`
}

export interface Column {
  readonly name: string
  readonly isNumber?: boolean
}

/** A table that scrolls by itself where the page is narrow; the first cell of each row names it. */
export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Insert[])[],
): Html {
  const mark = (i: number) => (columns[i]?.isNumber ? 'number' : '')
  const head = columns.map(({ name }, i) => html`<th scope="col" class="${mark(i)}">${name}</th>`)
  const body = rows.map(
    ([first, ...cells]) =>
      html`<tr><th scope="row" class="${mark(0)}">${first}</th>${cells.map((cell, i) => html`<td class="${mark(i + 1)}">${cell}</td>`)}</tr>`,
  )
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`
}

/** A link to a run's page. */
export function runLink(id: string): Html {
  return html`<a class="mono" href="run?id=${id}">${id}</a>`
}

/** A digest of which the beginning is enough to tell it from others; all of it is there to be copied. */
export function digest(hex: string): Html {
  return html`<code title="${hex}">${hex.slice(0, 16)}…</code>`
}

/** `2026-11-27 17:59:08` of an ISO time, in UTC; foreign words are cut. */
export function time(iso: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(iso) ? iso.slice(0, 19).replace('T', ' ') : nameWords(iso, 32)
}
