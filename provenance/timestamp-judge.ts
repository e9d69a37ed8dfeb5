/**
 * Who judges timestamps where there is Node. `#timestamp-judge` in package.json names this file, and where code is bundled
 * for a browser its neighbour: Node's cryptography answers at once, a browser's only later, and verification waits for nobody.
 */
import { verifyTimestamp } from './timestamp.ts'
import type { TimestampJudge } from './timestamp-verdict.ts'

export const timestampJudge: TimestampJudge | null = verifyTimestamp
