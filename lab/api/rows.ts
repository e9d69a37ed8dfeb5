/** Rows as programs get them: with values in the place of their JSON forms. */
import { decode } from '../../lib/values.ts'
import type { Row } from '../rows.ts'
import type { RowOf } from './types.ts'

export function rowOf<E>(row: Row): RowOf<E> {
  if ('summary' in row) return { ...row, summary: decode(row.summary) } as RowOf<E>
  if (row.error !== undefined) return row as RowOf<E>
  return { ...row, result: decode(row.result) } as unknown as RowOf<E>
}
