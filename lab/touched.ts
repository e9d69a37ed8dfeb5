/** What the guards found, as a record tells it: each touch once, with its place in the user's files. */
import { canonical } from '../lib/canonical.ts'
import type { Touched } from '../provenance/manifest.ts'
import type { Lab } from './lab.ts'
import { locateIn } from './objects.ts'
import type { RunEvent } from './results.ts'

/** In the order in which they came. `located` turns places in the capsule into the user's. */
export function touchedOnce(touches: readonly Touched[], located: (place: string) => string): Touched[] {
  const found = touches.map(({ kind, name, caller, place }) => ({
    kind,
    name,
    caller,
    place: located(place),
  }))
  return [...new Map(found.map((touched) => [canonical(touched), touched])).values()]
}

/** What a run's events tell, in an order that does not say which engine was first. `capsule` is the digest of the run's. */
export function touchedIn(events: readonly RunEvent[], lab: Lab, capsule: string): Touched[] {
  const touches = events.flatMap(({ kind, body }) => (kind === 'touched' ? [body as unknown as Touched] : []))
  const once = touchedOnce(touches, (place) => locateIn(lab, capsule, place))
  return once.sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1))
}
