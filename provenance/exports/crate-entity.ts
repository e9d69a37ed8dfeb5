/** Entities of a crate's graph, and the profiles that a crate may conform to. */

export interface Entity {
  readonly '@id': string
  readonly '@type': string | readonly string[]
  readonly [property: string]: unknown
}

export interface Ref {
  readonly '@id': string
}

export function ref(id: string): Ref {
  return { '@id': id }
}

export function refs(ids: readonly string[]): Ref[] {
  return ids.map(ref)
}

/** An entity as RO-Crate wants it: one value instead of a list of one, and no property with none. */
export function compact(entity: Entity): Entity {
  const properties = Object.entries(entity).flatMap(([name, value]) => {
    if (!Array.isArray(value) || value.length > 1) return [[name, value] as const]
    return value.length === 0 ? [] : [[name, value[0]] as const]
  })
  return Object.fromEntries(properties) as unknown as Entity
}

interface Profile {
  readonly id: string
  readonly name: string
  readonly version: string
}

/** From the widest to the one that tells the most, which comes last. */
export const PROFILES: readonly Profile[] = [
  { id: 'https://w3id.org/workflowhub/workflow-ro-crate/1.0', name: 'Workflow RO-Crate', version: '1.0' },
  { id: 'https://w3id.org/ro/wfrun/process/0.5', name: 'Process Run Crate', version: '0.5' },
  { id: 'https://w3id.org/ro/wfrun/workflow/0.5', name: 'Workflow Run Crate', version: '0.5' },
  { id: 'https://w3id.org/ro/wfrun/provenance/0.5', name: 'Provenance Run Crate', version: '0.5' },
]

export function profile({ id, name, version }: Profile): Entity {
  return { '@id': id, '@type': 'CreativeWork', name, version }
}
