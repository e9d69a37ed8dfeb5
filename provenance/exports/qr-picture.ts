/** A QR code as LaTeX's own picture, for which a paper needs no package: rules in a grid, a run of dark modules each. */
import { encode } from 'uqr'

/** Light modules around it; whoever reads it needs some. */
const BORDER = 2
/** By how much a rule is larger than its modules, so that no light shows between two. */
const OVERLAP = 0.02

/** Commands that draw `text`, as wide as `width`, which is a length or a command's argument. */
export function qrPicture(text: string, width: string): string[] {
  const { data, size } = encode(text, { ecc: 'M', border: BORDER })
  const rules = data.flatMap((row, y) =>
    runsOf(row).map(
      ([x, length]) =>
        `  \\put(${x},${size - 1 - y}){\\rule{${length + OVERLAP}\\unitlength}{${1 + OVERLAP}\\unitlength}}%`,
    ),
  )
  return [
    `{\\setlength{\\unitlength}{\\dimexpr${width}/${size}\\relax}%`,
    `\\begin{picture}(${size},${size})%`,
    ...rules,
    '\\end{picture}}',
  ]
}

/** Where dark modules begin, and how many follow. */
function runsOf(row: readonly boolean[]): [x: number, length: number][] {
  const runs: [number, number][] = []
  row.forEach((dark, x) => {
    const last = runs.at(-1)
    if (!dark) return
    if (last !== undefined && last[0] + last[1] === x) last[1]++
    else runs.push([x, 1])
  })
  return runs
}
