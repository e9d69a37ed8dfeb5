/** Words and tables of the command line alone; those that pages use too are in lab/. */
import { STRATA } from '../lab/audit.ts'
import type { RerunPlan } from '../lab/plan.ts'
import { oneLine } from '../lab/words.ts'

export { touchWords } from '../lab/event-words.ts'
export { count, duration, nameWords, oneLine, pointWords, several } from '../lab/words.ts'

/** By what an audit's sample was drawn. */
export function drawnWords({ beacon, stratify }: RerunPlan): string {
  const of = stratify === undefined ? '' : `spread over the ${STRATA[stratify]}s, `
  return `${of}drawn ${beacon === undefined ? 'at random' : `by the beacon ${JSON.stringify(beacon)}`}`
}

/** A table with aligned columns; `right` names the columns of numbers. */
export function table(rows: readonly (readonly string[])[], right: readonly number[] = []): string[] {
  const cells = rows.map((row) => row.map(oneLine))
  return align(cells, right)
}

function align(rows: readonly (readonly string[])[], right: readonly number[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows.map((row) =>
    row
      .map((cell, column) =>
        right.includes(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('  ')
      .trimEnd(),
  )
}
