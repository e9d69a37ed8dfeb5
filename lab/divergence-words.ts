/** Where two executions of a chunk first differ, and in what, on one line for people: at a terminal or on a page. */
import type { Divergence } from '../provenance/explain.ts'
import { nameWords, pointWords, several } from './words.ts'

/** Characters of a path in a result, whose keys are the experiment's. */
const LONGEST_PATH = 200
/** Characters of a value in a line. */
const EXCERPT = 120

/** `chunk 3 (infect=0.1), job 2 (repetition 7), result.removed: expected 1, got 2 (1 ulp apart)`. */
export function divergenceWords({
  chunk,
  point,
  job,
  repetition,
  path,
  expected,
  actual,
  ulps,
}: Divergence): string {
  const place = `chunk ${chunk} (${pointWords(point)})`
  if (path === null) return `${place}: other bytes (the recorded values are not here to compare)`
  const where = job === null ? '' : `, job ${job} (repetition ${repetition})`
  const apart = ulps === null ? '' : ` (${several(ulps, 'ulp')} apart)`
  const [left, right] = excerpts(expected, actual)
  return `${place}${where}, ${nameWords(path, LONGEST_PATH)}: expected ${left}, got ${right}${apart}`
}

/** Two values as JSON, both cut to where they first differ when they are long. */
export function excerpts(left: unknown, right: unknown): [string, string] {
  const [a, b] = [JSON.stringify(left), JSON.stringify(right)]
  let same = 0
  while (same < a.length && a[same] === b[same]) same++
  const cut = (text: string) => {
    if (text.length <= EXCERPT) return text
    const from = Math.max(0, same - EXCERPT / 4)
    const to = from + EXCERPT
    return `${from === 0 ? '' : '…'}${text.slice(from, to)}${to < text.length ? '…' : ''}`
  }
  return [cut(a), cut(b)]
}
