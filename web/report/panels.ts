/** Small multiples: how many panels stand side by side, and which marks are in which row of them. */
import type { Mark } from './sketch.ts'

/** At most so many side by side: more are too small to read. */
const MOST_ACROSS = 4

/** The marks by rows of panels, `perRow` in each, of which each is at least `least` pixels wide. */
export function panelRows(
  marks: readonly Mark[],
  width: number,
  least: number,
): { readonly rows: readonly (readonly Mark[])[]; readonly perRow: number } {
  const names = [...new Set(marks.map(({ panel }) => panel))]
  const fit = Math.max(1, Math.min(MOST_ACROSS, names.length, Math.floor(width / least)))
  const perRow = Math.ceil(names.length / Math.ceil(names.length / fit))
  const rowOf = new Map(names.map((name, i) => [name, Math.floor(i / perRow)]))
  const rows: Mark[][] = Array.from({ length: Math.ceil(names.length / perRow) }, () => [])
  for (const mark of marks) rows[rowOf.get(mark.panel)!]!.push(mark)
  return { rows, perRow }
}
