/** Tables in Markdown, so that what is printed can be put into RESULTS.md as it is. */
import type { Row } from './rows.ts'

/** A Markdown table, columns padded. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)))
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(' | ')} |`
  const rule = widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  return [line(head), line(rule), ...rows.map(line)].join('\n')
}

/** The table of what the parts cost. */
export function insideTable(rows: readonly Row[]): string {
  return table(
    ['one', 'median', 'per second'],
    rows.map(({ what, nanoseconds }) => [what, time(nanoseconds), count(1e9 / nanoseconds)]),
  )
}

/** A time in the unit that suits it, three digits. */
export function time(nanoseconds: number): string {
  if (nanoseconds < 1e3) return `${nanoseconds.toPrecision(3)} ns`
  if (nanoseconds < 1e6) return `${(nanoseconds / 1e3).toPrecision(3)} µs`
  if (nanoseconds < 1e9) return `${(nanoseconds / 1e6).toPrecision(3)} ms`
  return `${(nanoseconds / 1e9).toPrecision(4)} s`
}

/** A number rounded to three digits, thousands apart. */
export function count(n: number): string {
  return Number(n.toPrecision(3)).toLocaleString('en-US')
}

export function median(sample: readonly number[]): number {
  const sorted = [...sample].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
