/** What happened to a run while somebody watches, in the words that whoever executes it would use. */

import type { Touch } from '../runners/protocol.ts'
import type { RunEvent } from './results.ts'
import { oneLine, several, touchWords } from './words.ts'

/** A line, or null for what the state of the run tells anyhow. `located` turns places in the capsule into the user's. */
export function eventWords({ kind, body }: RunEvent, located: (place: string) => string): string | null {
  switch (kind) {
    case 'engine-lost':
      return `engine ${body.engine} was lost (${words(body.reason, located)}); others take over ${several(Number(body.count), 'chunk')}`
    case 'set-aside':
      return `chunk ${body.chunk} is set aside: ${words(body.reason, located)}`
    case 'touched': {
      const touch = body as unknown as Touch
      return oneLine(touchWords({ ...touch, place: located(touch.place) }))
    }
    default:
      return null
  }
}

function words(reason: unknown, located: (place: string) => string): string {
  return oneLine(located(String(reason)))
}
