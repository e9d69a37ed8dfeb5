/** How findings and tables are written for people at a terminal. */
import { STRATA } from '../lab/audit.ts'
import type { RerunPlan } from '../lab/plan.ts'
import { oneLine } from '../lab/words.ts'
import { type GuardKind, KINDS } from '../runners/guard-kinds.ts'
import type { Touch } from '../runners/protocol.ts'

export { count, duration, nameWords, oneLine, pointWords, several } from '../lab/words.ts'

/** By what an audit's sample was drawn. */
export function drawnWords({ beacon, stratify }: RerunPlan): string {
  const of = stratify === undefined ? '' : `spread over the ${STRATA[stratify]}s, `
  return `${of}drawn ${beacon === undefined ? 'at random' : `by the beacon ${JSON.stringify(beacon)}`}`
}

/** `Date.now, called by pick at sweep.ts:12:7: the clock is another in every execution. Leave …`. */
export function touchWords({ kind, name, caller, place }: Touch): string {
  const by = caller === '' ? '' : `by ${caller} `
  const { why, instead } = KINDS[kind as GuardKind] ?? { why: `it is of the kind ${kind}`, instead: '' }
  return `${name} was called ${by}at ${place}: ${why}${instead === '' ? '' : `. ${instead}`}`
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
