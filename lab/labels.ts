/**
 * How parameters and results are called on axes: by the experiment's `labels`, and where those are silent of a field, by the
 * `title` and `unit` of its property in the result schema.
 */
import { LONGEST_LABEL } from '../lib/declared.ts'
import type { Labels } from '../provenance/manifest.ts'
import type { Description } from '../runners/protocol.ts'

type Said = Pick<Description, 'document' | 'labels' | 'result'>

/** The part of a plan that holds them; nothing where nothing is said. */
export function labelsPart({ labels, result }: Said): { readonly labels?: Labels } {
  const all = { ...titlesOf(result), ...labels }
  return Object.keys(all).length === 0 ? {} : { labels: all }
}

/** Titles of a schema's properties, and of those of objects in it by their paths. */
function titlesOf(schema: unknown, path = ''): Record<string, string> {
  const { properties } = record(schema)
  const titles: Record<string, string> = {}
  for (const [key, property] of Object.entries(record(properties))) {
    const name = `${path}${key}`
    const { title, unit } = record(property)
    const words = typeof title === 'string' && title !== '' ? title : typeof unit === 'string' ? name : ''
    const label = typeof unit === 'string' && unit !== '' ? `${words} (${unit})` : words
    if (label !== '' && label.isWellFormed()) titles[name] = label.slice(0, LONGEST_LABEL).toWellFormed()
    if (path.length < LONGEST_LABEL) Object.assign(titles, titlesOf(property, `${name}.`))
  }
  return titles
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
