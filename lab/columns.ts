/**
 * Rows as flat tables: one column a parameter and one a field of the result, with a kind found by looking at every
 * row first. A field that would take the name of another column is called `result.<field>`.
 */
import { canonicalJson } from '../lib/canonical.ts'
import type { Point } from '../lib/design.ts'
import { decode, encode, type Json, type Value } from '../lib/values.ts'
import type { Outcome, Row } from './rows.ts'

export type Cell = number | string | boolean | null
export type Kind = 'number' | 'boolean' | 'text'
export type FlatRow = Readonly<Record<string, Cell>>

export interface Column {
  readonly name: string
  readonly kind: Kind
}

const FIXED = ['chunk', 'repetition', 'seed', 'error']

/** What there is to tell of no rows at all. */
const NOTHING: readonly Column[] = [
  { name: 'chunk', kind: 'number' },
  { name: 'repetition', kind: 'number' },
  { name: 'seed', kind: 'text' },
  { name: 'error', kind: 'text' },
]

/** Flattens one row. Bigints become text, lists and typed arrays JSON (FORMAT.md §3). */
export function flatten(row: Row): FlatRow {
  const { chunk, point, repetition, seed } = row
  const flat: Record<string, Cell> = Object.create(null)
  Object.assign(flat, { chunk }, parameterCells(point), { repetition, seed })
  for (const [name, value] of resultCells(row)) flat[name] = value
  if ('summary' in row) flat.error = row.failed.length === 0 ? null : `${row.failed.length} jobs failed`
  else flat.error = row.error === undefined ? null : `${row.error.name}: ${row.error.message}`
  return flat
}

/** The cells of a point; a parameter that would take the name of a `fixed` column is called `point.<name>`. */
export function parameterCells(point: Point, fixed: readonly string[] = FIXED): Record<string, Cell> {
  const cells = Object.entries(point).map(([name, value]) => [
    fixed.includes(name) ? `point.${name}` : name,
    cell(value),
  ])
  return Object.fromEntries(cells)
}

/** The cells of a row's result, by names that nothing else in the row has. */
export function resultCells(row: Row): [string, Cell][] {
  return resultValues(row).map(([name, value]) => [name, cell(value)])
}

/** The same, with the values as they are. */
export function resultValues(row: Outcome): [string, Value][] {
  const names = new Set([...FIXED, ...Object.keys(parameterCells(row.point))])
  const cells: [string, Value][] = []
  const put = (name: string, value: Value) => {
    let free = name
    while (names.has(free)) free = `result.${free}`
    names.add(free)
    cells.push([free, value])
  }
  const outcome = 'summary' in row ? row.summary : row.result
  if (outcome !== undefined) spread(decode(outcome), '', put)
  return cells
}

/** Columns of all rows: the kind that fits every value, text where nothing else does. */
export function inferColumns(rows: Iterable<FlatRow>): Column[] {
  const kinds = new Map<string, Kind | null>()
  for (const row of rows) {
    for (const [name, value] of Object.entries(row)) {
      const kind = value === null ? null : typeof value === 'string' ? 'text' : (typeof value as Kind)
      const before = kinds.get(name)
      kinds.set(name, before == null ? kind : kind === null || kind === before ? before : 'text')
    }
  }
  if (kinds.size === 0) return [...NOTHING]
  const columns = [...kinds].map(([name, kind]) => ({ name, kind: kind ?? 'text' }))
  return [
    ...columns.filter(({ name }) => name !== 'error'),
    ...columns.filter(({ name }) => name === 'error'),
  ]
}

function spread(value: Value, path: string, put: (name: string, value: Value) => void): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value)) {
    for (const [key, item] of Object.entries(value)) spread(item, path === '' ? key : `${path}.${key}`, put)
    return
  }
  put(path === '' ? 'result' : path, value)
}

function cell(value: Value | Json): Cell {
  if (value === null || typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean')
    return value
  if (typeof value === 'bigint') return value.toString()
  const listed = ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<Value>) : value
  return canonicalJson(encode(listed))
}
