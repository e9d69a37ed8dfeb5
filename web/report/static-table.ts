/** Tables of numbers as HTML, for paper and for readers without scripts; a script puts one that sorts in their place. */
import { count } from '../../lab/words.ts'
import { type Html, html } from '../html.ts'
import type { Model } from './model.ts'
import { columnsOf, rowsOf, tableCaption } from './table.ts'

/** Rows in the page as HTML, of all its tables; scripts show all of them. */
const MOST_ROWS = 2_000
const MOST_TABLES = 8

export function staticTables(model: Model): Html {
  const tables = Math.max(1, Math.min(MOST_TABLES, model.fields.length, Math.floor(MOST_ROWS / model.points)))
  return html`${Array.from({ length: tables }, (_, field) => staticTable(model, field))}`
}

function staticTable(model: Model, field: number): Html {
  const columns = columnsOf(model, field)
  const rows = rowsOf(model, field).slice(0, MOST_ROWS)
  const more = model.points - rows.length
  const cell = (isNumber: boolean) => (isNumber ? 'number' : 'text')
  return html`<div class="values" tabindex="0" role="region" aria-label="${tableCaption(model, field)}"><table>
<caption>${tableCaption(model, field)}</caption>
<thead><tr>${columns.map(({ head, isNumber }) => html`<th scope="col" class="${cell(isNumber)}">${head}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => html`<tr>${columns.map(({ text, isNumber }) => html`<td class="${cell(isNumber)}">${text(row)}</td>`)}</tr>\n`)}</tbody>
</table></div>
${more > 0 ? html`<p class="quiet">… and ${count(more)} more points, which scripts show, and the CSV file has.</p>` : null}`
}
