/** What differs between two records, key by key; long values are cut to where they differ. */
import { canonical } from '../lib/canonical.ts'
import { encode } from '../lib/values.ts'

export interface Change {
  readonly what: string
  readonly left: unknown
  readonly right: unknown
}

/** Characters of a value, and how many of these come before the first difference. */
const MOST_TEXT = 200
const BEFORE = 40

/** The keys whose values differ; a key that is not there has the value null. */
export function changes(
  left: Readonly<Record<string, unknown>>,
  right: Readonly<Record<string, unknown>>,
): Change[] {
  const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])]
  const text = (value: unknown) => (value === undefined ? '' : canonical(value))
  return keys
    .filter((key) => text(left[key]) !== text(right[key]))
    .map((what) => {
      const [l, r] = shown(left[what] ?? null, right[what] ?? null)
      return { what, left: l, right: r }
    })
}

function shown(left: unknown, right: unknown): [unknown, unknown] {
  const [l, r] = [left, right].map((value) => (typeof value === 'string' ? value : canonical(value))) as [
    string,
    string,
  ]
  let same = 0
  while (same < l.length && l[same] === r[same]) same++
  const one = (value: unknown, text: string) => {
    if (text.length <= MOST_TEXT) return encode(value)
    const from = Math.max(0, same - BEFORE)
    const cut = text.slice(from, from + MOST_TEXT).toWellFormed()
    return `${from === 0 ? '' : '…'}${cut}${from + MOST_TEXT < text.length ? '…' : ''}`
  }
  return [one(left, l), one(right, r)]
}
