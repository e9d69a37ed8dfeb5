/** Facts as a list of terms: rows of a name and what is told, as `show` has them, those of one name together. */
import { nameWords } from '../../lab/words.ts'
import { type Html, html } from '../html.ts'

/** Characters of one fact. */
const LONGEST = 600

export function factRows(rows: readonly (readonly string[])[]): Html {
  const lines = rows.map(([name = '', ...words], i) => {
    const isSame = i > 0 && rows[i - 1]![0] === name
    const told = nameWords(words.join(' '), LONGEST)
    return html`${isSame ? null : html`<dt>${name}</dt>`}<dd class="${/\b[0-9a-f]{40,}\b/.test(told) ? 'mono' : 'plain'}">${told}</dd>\n`
  })
  return html`<dl class="record">${lines}</dl>`
}
