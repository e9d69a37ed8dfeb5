/** The numbers of a field as a table that its reader sorts by any column; rows come as they are asked for, for there may be many. */
import { count } from '../../lab/words.ts'
import type { Model } from '../report/model.ts'
import {
  columnsOf,
  rowsOf,
  sortedRows,
  type TableColumn,
  type TableRow,
  tableCaption,
} from '../report/table.ts'
import { make } from './make-element.ts'

const ROWS_AT_ONCE = 500

/** Fills `place` with the table of a field; `picked` is told of a point whose row is chosen. */
export function showTable(
  place: HTMLElement,
  model: Model,
  field: number,
  picked: (point: number) => void,
): void {
  const columns = columnsOf(model, field)
  const inOrder = rowsOf(model, field)
  let rows: readonly TableRow[] = inOrder
  let [by, descending, told] = [-1, false, 0]
  const body = make('tbody')
  const heads = columns.map(({ head, isNumber }, i) => {
    const button = make('button', { type: 'button' }, head)
    button.addEventListener('click', () => sort(i))
    return make('th', { scope: 'col', class: isNumber ? 'number' : 'text' }, button)
  })
  const more = make('button', { type: 'button' })
  const addRows = () => {
    const next = rows.slice(told, told + ROWS_AT_ONCE)
    body.append(...next.map((row) => rowElement(columns, row)))
    told += next.length
    more.hidden = told >= rows.length
    more.textContent = `Show ${count(Math.min(ROWS_AT_ONCE, rows.length - told))} more of ${count(rows.length - told)} points`
  }
  const sort = (i: number) => {
    ;[by, descending] = by === i ? [i, !descending] : [i, false]
    rows = sortedRows(inOrder, columns[i]!, descending)
    for (const [k, head] of heads.entries())
      if (k === by) head.setAttribute('aria-sort', descending ? 'descending' : 'ascending')
      else head.removeAttribute('aria-sort')
    told = 0
    body.replaceChildren()
    addRows()
  }
  body.addEventListener('click', ({ target }) => {
    const row = (target as Element).closest('tr')
    if (row?.dataset.point !== undefined) picked(Number(row.dataset.point))
  })
  more.addEventListener('click', addRows)
  const caption = tableCaption(model, field)
  const table = make(
    'table',
    {},
    make('caption', {}, caption),
    make('thead', {}, make('tr', {}, ...heads)),
    body,
  )
  addRows()
  place.replaceChildren(
    make('div', { class: 'values', tabindex: '0', role: 'region', 'aria-label': caption }, table),
    make('div', { class: 'buttons' }, more),
  )
}

function rowElement(columns: readonly TableColumn[], row: TableRow): HTMLElement {
  return make(
    'tr',
    { 'data-point': String(row.index) },
    ...columns.map(({ text, isNumber }) => make('td', { class: isNumber ? 'number' : 'text' }, text(row))),
  )
}
