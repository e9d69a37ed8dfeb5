/** A design's factors as exports tell them: names, kinds and distinct values, whatever the form of the design. */
import { canonicalJson } from '../../lib/canonical.ts'
import type { Design } from '../../lib/design.ts'
import type { Json } from '../../lib/values.ts'

export interface ToldFactor {
  readonly name: string
  /** Distinct values, in the order in which the design has them. */
  readonly values: readonly Json[]
  /** Names of schema.org's data types: which of them its values have. */
  readonly types: readonly string[]
}

export function factorsOf(design: Design): ToldFactor[] {
  return factorNames(design).map((name) => {
    const values = distinct(valuesOf(design, name))
    return { name, values, types: [...new Set(values.map(typeOf))].sort() }
  })
}

export function factorNames(design: Design): string[] {
  if ('points' in design) return Object.keys(design.points[0] ?? {})
  return ('zip' in design ? design.zip : design.product).map(({ name }) => name)
}

/** A value as a property's: what JSON-LD would take for structure, or leave out, becomes its JSON text. */
export function plainValue(value: Json): string | number | boolean {
  return typeof value === 'object' ? canonicalJson(value) : value
}

function valuesOf(design: Design, name: string): readonly Json[] {
  if ('points' in design) return design.points.map((point) => point[name]!)
  return ('zip' in design ? design.zip : design.product).find((factor) => factor.name === name)!.values
}

function distinct(values: readonly Json[]): Json[] {
  return [...new Map(values.map((value) => [canonicalJson(value), value])).values()]
}

function typeOf(value: Json): string {
  if (typeof value === 'boolean') return 'Boolean'
  if (typeof value === 'string') return 'Text'
  if (typeof value === 'number') return Number.isInteger(value) ? 'Integer' : 'Float'
  return 'PropertyValue'
}
