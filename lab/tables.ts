/** Result tables for other programs: CSV by csv-stringify, Parquet by hyparquet-writer; both in bounded memory. */
import type { Cell, Column, FlatRow } from './columns.ts'

const ROWS_AT_ONCE = 1_000

/** CSV text in pieces (RFC 4180, a header, LF). NaN and infinities as such, nothing for null. */
export async function* csvText(columns: readonly Column[], rows: Iterable<FlatRow>): AsyncGenerator<string> {
  const { stringify } = await import('csv-stringify/sync')
  const names = columns.map(({ name }) => name)
  const cast = { number: textOf, boolean: textOf }
  yield stringify([names])
  let piece: unknown[][] = []
  for (const row of rows) {
    piece.push(names.map((name) => row[name] ?? null))
    if (piece.length < ROWS_AT_ONCE) continue
    yield stringify(piece, { cast })
    piece = []
  }
  if (piece.length > 0) yield stringify(piece, { cast })
}

function textOf(value: Cell): string {
  return Object.is(value, -0) ? '-0' : String(value)
}

const TYPES = { number: 'DOUBLE', boolean: 'BOOLEAN', text: 'STRING' } as const

/** Writes a Parquet file: numbers as DOUBLE, so that every bit is kept. */
export async function writeParquet(
  path: string,
  columns: readonly Column[],
  rows: Iterable<FlatRow>,
  about: Readonly<Record<string, string>>,
): Promise<void> {
  const { fileWriter, parquetWriteRows } = await import('hyparquet-writer')
  const text = new Set(columns.filter(({ kind }) => kind === 'text').map(({ name }) => name))
  function* typed(): Generator<Record<string, unknown>> {
    for (const row of rows) {
      yield Object.fromEntries(
        columns.map(({ name }) => {
          const value = row[name] ?? null
          return [name, value !== null && text.has(name) ? textOf(value) : value]
        }),
      )
    }
  }
  await parquetWriteRows({
    writer: fileWriter(path),
    rows: typed(),
    columns: columns.map(({ name, kind }) => ({ name, type: TYPES[kind], nullable: true })),
    kvMetadata: Object.entries(about).map(([key, value]) => ({ key, value })),
    createdBy: 'reprise',
  })
}
