/** Exit codes (stable: scripts and papers rely on them) and which error ends in which. */
import type { ErrorCode } from '../lib/errors.ts'

export const EXIT = {
  done: 0, // done and true
  failed: 1, // could not be done
  usage: 2, // wrong usage or invalid experiment
  divergent: 3, // the bits differ
  notIntact: 4, // the record is not intact
  incomplete: 5, // some chunks could not be executed, or it has taken what it may
  interrupted: 130, // interrupted, and resumable
} as const

const OF_CODE: Readonly<Record<ErrorCode, number>> = {
  usage: EXIT.usage,
  'invalid-experiment': EXIT.usage,
  'invalid-result': EXIT.usage,
  capsule: EXIT.usage,
  'not-found': EXIT.failed,
  busy: EXIT.failed,
  refused: EXIT.failed,
  'not-intact': EXIT.notIntact,
  divergent: EXIT.divergent,
  incomplete: EXIT.incomplete,
  engine: EXIT.failed,
  storage: EXIT.failed,
  interrupted: EXIT.interrupted,
}

export function exitCodeOf(code: ErrorCode): number {
  return OF_CODE[code]
}
