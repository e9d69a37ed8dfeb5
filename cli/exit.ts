/** Exit codes (stable: scripts and papers rely on them) and which error ends in which. */
import type { ErrorCode } from '../lib/errors.ts'

export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  divergent: 3,
  notIntact: 4,
  incomplete: 5,
  interrupted: 130,
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
