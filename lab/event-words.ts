/** What happened to a run while somebody watches, in the words that whoever executes it would use. */

import { type GuardKind, KINDS } from '../runners/guard-kinds.ts'
import type { Touch } from '../runners/protocol.ts'
import type { RunEvent } from './results.ts'
import { oneLine, several } from './words.ts'

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

/** `Date.now, called by pick at sweep.ts:12:7: the clock is another in every execution. Leave …`. */
export function touchWords({ kind, name, caller, place }: Touch): string {
  const by = caller === '' ? '' : `by ${caller} `
  const { why, instead } = KINDS[kind as GuardKind] ?? { why: `it is of the kind ${kind}`, instead: '' }
  return `${name} was called ${by}at ${place}: ${why}${instead === '' ? '' : `. ${instead}`}`
}
