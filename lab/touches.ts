/** What guards found in several executions as one list: each place once, told as a place in the user's own files. */
import type { Capsule } from '../provenance/capsule.ts'
import { locate } from '../provenance/locate.ts'
import type { Touch } from '../runners/protocol.ts'

/** Each touch once, with its place in the user's files where the capsule's source map knows it. */
export function locateTouches(touches: readonly Touch[], { digest, map }: Capsule): Touch[] {
  if (touches.length === 0) return []
  const places = locate(touches.map(({ place }) => place.replaceAll('\n', ' ')).join('\n'), digest, map)
  const located = places.split('\n').map((place, i) => ({ ...touches[i]!, place }))
  return [...new Map(located.map((touch) => [JSON.stringify(touch), touch])).values()]
}
