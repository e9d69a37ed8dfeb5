/**
 * Sets of array indices as Slurm writes them: `0-3,7,9-12:2%5`, in squeue and sacct also `[…]`. What comes from elsewhere
 * may claim to hold any number of indices; more than Slurm itself allows are not read.
 */

/** The most that MaxArraySize may be is 4,000,001. */
const MOST = 4_000_001
const MOST_TEXT = 40_000_000
const PIECE = /^(\d{1,7})(?:-(\d{1,7})(?::(\d{1,7}))?)?$/

/** Its indices, ascending, each once; null where the text is no set, or too large a one. */
export function readIndices(text: string): readonly number[] | null {
  const inner = /^\[(.*)\]$/.exec(text.trim())?.[1] ?? text.trim()
  const list = inner.replace(/%\d+$/, '') // how many at once
  if (list.length > MOST_TEXT) return null
  const pieces: (readonly [first: number, last: number, step: number])[] = []
  let count = 0
  for (const word of list.split(',')) {
    const found = PIECE.exec(word)
    if (found === null) return null
    const [first, last, step] = [Number(found[1]), Number(found[2] ?? found[1]), Number(found[3] ?? 1)]
    if (last < first || step < 1) return null
    count += Math.floor((last - first) / step) + 1
    if (last >= MOST || count > MOST) return null
    pieces.push([first, last, step])
  }
  const indices: number[] = []
  let ascending = true
  for (const [first, last, step] of pieces) {
    if (first <= (indices.at(-1) ?? -1)) ascending = false
    for (let index = first; index <= last; index += step) indices.push(index)
  }
  return ascending ? indices : [...new Set(indices)].sort((a, b) => a - b)
}

/** A set as sbatch takes it: `0-3,7`. */
export function writeIndices(indices: readonly number[]): string {
  const ranges: [number, number][] = []
  for (const index of [...new Set(indices)].sort((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last !== undefined && last[1] === index - 1) last[1] = index
    else ranges.push([index, index])
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',')
}
