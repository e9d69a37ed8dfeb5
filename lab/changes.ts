/** What differs between two records, key by key, each value cut to a size that can be shown. */
import { canonical } from '../lib/canonical.ts'
import { shortened } from '../lib/design-changes.ts'
import { encode } from '../lib/values.ts'

export interface Change {
  readonly what: string
  readonly left: unknown
  readonly right: unknown
}

/** The keys whose values differ; a key that is not there has the value null. */
export function changes(
  left: Readonly<Record<string, unknown>>,
  right: Readonly<Record<string, unknown>>,
): Change[] {
  const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])]
  const text = (value: unknown) => (value === undefined ? '' : canonical(value))
  const shown = (value: unknown) => shortened(encode(value ?? null))
  return keys
    .filter((key) => text(left[key]) !== text(right[key]))
    .map((what) => ({ what, left: shown(left[what]), right: shown(right[what]) }))
}
