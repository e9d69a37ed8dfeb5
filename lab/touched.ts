/** What the guards found in a run, out of its events: each once, with places in the user's files. */
import { canonical } from '../lib/canonical.ts'
import type { Touched } from '../provenance/manifest.ts'
import type { Lab } from './lab.ts'
import { locateIn } from './objects.ts'
import type { RunEvent } from './results.ts'

/** In an order that does not tell which engine was first. `capsule` is the digest of the run's. */
export function touchedIn(events: readonly RunEvent[], lab: Lab, capsule: string): Touched[] {
  const found = events
    .filter((event) => event.kind === 'touched')
    .map(({ body }) => {
      const { kind, name, caller, place } = body as unknown as Touched
      return { kind, name, caller, place: locateIn(lab, capsule, place) }
    })
  const unique = new Map(found.map((touched) => [canonical(touched), touched]))
  return [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, touched]) => touched)
}
