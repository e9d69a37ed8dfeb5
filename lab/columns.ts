/**
 * Rows as flat tables: one column a parameter and one a field of the result, with a kind found by looking at every
 * row first. A field that would take the name of another column is called `result.<field>`.
 */
import { decode, type Json, type Value } from '../lib/values.ts'
import type { Row } from './rows.ts'

export type Cell = number | string | boolean | null
export type Kind = 'number' | 'boolean' | 'text'
export type FlatRow = Readonly<Record<string, Cell>>

export interface Column {
  readonly name: string
  readonly kind: Kind
}

const FIXED = ['chunk', 'repetition', 'seed']

/** Flattens one row. Arrays, bigints and nested lists become text. */
export function flatten(row: Row): FlatRow {
  const flat: Record<string, Cell> = { chunk: row.chunk }
  for (const [name, value] of Object.entries(row.point))
    flat[FIXED.includes(name) ? `point.${name}` : name] = cell(value)
  flat.repetition = row.repetition
  flat.seed = row.seed
  const taken = new Set([...Object.keys(flat), 'error'])
  const put = (name: string, value: Value) => {
    flat[taken.has(name) ? `result.${name}` : name] = cell(value)
  }
  const outcome = 'summary' in row ? row.summary : row.result
  if (outcome !== undefined) spread(decode(outcome), '', put)
  if ('summary' in row) flat.error = row.failed.length === 0 ? null : `${row.failed.length} jobs failed`
  else flat.error = row.error === undefined ? null : `${row.error.name}: ${row.error.message}`
  return flat
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
  if (ArrayBuffer.isView(value))
    return `[${Array.from(value as unknown as ArrayLike<number | bigint>, String).join(',')}]`
  return JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? item.toString() : item))
}
