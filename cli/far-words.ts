/** What the head of a cluster says of a run, in words for people. */
import type { FarRun } from '../runners/detached/status.ts'
import { oneLine } from './words.ts'

/** `failed: …`, or the state alone. */
export function stateWords({ state, reason }: FarRun): string {
  return reason === null ? state : `${state}: ${oneLine(reason)}`
}
