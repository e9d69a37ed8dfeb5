/** The numbers of one field as a table: its columns, its rows, and the order a reader wants them in. */
import { count, nameWords } from '../../lab/words.ts'
import { type Estimate, estimateAt, numberWords } from './estimate.ts'
import type { Model } from './model.ts'

export interface TableColumn {
  readonly head: string
  readonly isNumber: boolean
  /** By what rows are sorted; NaN and null come last. */
  readonly key: (row: TableRow) => number | string | null
  readonly text: (row: TableRow) => string
}

export interface TableRow {
  /** The point. */
  readonly index: number
  readonly estimate: Estimate
}

/** Columns of a table about this field: factors that are swept (all where none is), and what came out. */
export function columnsOf(model: Model, fieldIndex: number): TableColumn[] {
  const field = model.fields[fieldIndex]
  const swept = model.factors.filter(({ values }) => values.length > 1)
  const factors = (swept.length > 0 ? swept : model.factors).map(({ name, values, levels, isNumeric }) => ({
    head: nameWords(name),
    isNumber: isNumeric,
    key: ({ index }: TableRow) => values[levels[index]!]!,
    text: ({ index }: TableRow) => String(values[levels[index]!]),
  }))
  const number = (head: string, key: (row: TableRow) => number | null, digits = 5): TableColumn => ({
    head,
    isNumber: true,
    key,
    text: (row) => numberWords(key(row), digits),
  })
  const whole = (head: string, key: (row: TableRow) => number): TableColumn => ({
    head,
    isNumber: true,
    key,
    text: (row) => count(key(row)),
  })
  return [
    ...factors,
    whole('jobs', ({ index }) => model.jobs[index]!),
    whole('failed', ({ index }) => model.failed[index]!),
    ...(field === undefined
      ? []
      : [
          whole(model.isSummarised ? 'n (chunks)' : 'n', ({ estimate }) => estimate.count),
          number(field.isShare ? 'share' : 'mean', ({ estimate }) => estimate.mean),
          number('SD', ({ estimate }) => estimate.deviation, 4),
          number('SE', ({ estimate }) => estimate.standardError, 3),
          {
            head: '95 % interval',
            isNumber: true,
            key: ({ estimate }: TableRow) => estimate.interval?.low ?? null,
            text: ({ estimate: { interval } }: TableRow) =>
              interval === null ? '–' : `${numberWords(interval.low, 4)} to ${numberWords(interval.high, 4)}`,
          },
        ]),
  ]
}

/** A row a point, in the order of the design. */
export function rowsOf(model: Model, fieldIndex: number): TableRow[] {
  const field = model.fields[fieldIndex]
  return Array.from({ length: model.points }, (_, index) => ({
    index,
    estimate: field === undefined ? NOTHING : estimateAt(field, index),
  }))
}

const NOTHING: Estimate = { count: 0, mean: null, deviation: null, standardError: null, interval: null }

/** Sorted by a column; what is equal stays in the order of the design, what is missing comes last. */
export function sortedRows(rows: readonly TableRow[], { key }: TableColumn, descending: boolean): TableRow[] {
  const sign = descending ? -1 : 1
  const keyed = rows.map((row) => ({ row, key: key(row) }))
  keyed.sort((a, b) => {
    const [noA, noB] = [isMissing(a.key), isMissing(b.key)]
    if (noA || noB) return Number(noA) - Number(noB) || a.row.index - b.row.index
    const order = a.key! < b.key! ? -1 : a.key! > b.key! ? 1 : 0
    return sign * order || a.row.index - b.row.index
  })
  return keyed.map(({ row }) => row)
}

function isMissing(key: number | string | null): boolean {
  return key === null || Number.isNaN(key)
}

/** What a table is about. */
export function tableCaption(model: Model, fieldIndex: number): string {
  const field = model.fields[fieldIndex]
  if (field === undefined) return 'Jobs at each point; they return no numbers.'
  const over = model.isSummarised ? 'summaries of chunks' : 'jobs that did not fail'
  return field.isShare
    ? `${field.label}: share among ${over}, with Wilson’s 95 % interval`
    : `${field.label}: mean over ${over}, standard deviation (SD), standard error (SE), and 95 % interval by Student’s t`
}
