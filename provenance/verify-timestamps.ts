/**
 * Verification of the timestamps in a proof (FORMAT.md §9.12): each is over the checkpoint beside it. What an authority
 * says is believed where the user trusts it; else the time is told, and that it was not checked who says so.
 */
import { fromBase64 } from '../lib/base64.ts'
import { RepriseError } from '../lib/errors.ts'
import { checkpointDigest, parseTlogProof } from '../lib/tlog-proof.ts'
import { type Timestamp, verifyTimestamp } from './timestamp.ts'
import type { Trust } from './trust.ts'
import type { Findings } from './verify-proof.ts'

/** Checks the tokens over the checkpoint in `log`; `what` is what the checkpoint stands for. */
export function verifyTimestamps(
  tokens: readonly string[],
  log: string | undefined,
  what: string,
  { authorities = [] }: Trust,
  { report, checked, unchecked }: Findings,
): void {
  for (const [i, token] of tokens.entries()) {
    const { problems, time, tsa, trusted } = judged(token, log, authorities)
    for (const problem of problems) report(`timestamp ${i} of ${what}`, problem)
    if (problems.length > 0) continue
    const words = `timestamp of ${what} at ${time} by ${tsa}`
    if (trusted) checked.push(words)
    else unchecked.push(`whether to believe the ${words} (--tsa-ca FILE)`)
  }
}

function judged(token: string, log: string | undefined, authorities: readonly string[]): Timestamp {
  try {
    const digest = checkpointDigest(parseTlogProof(log ?? '').checkpoint)
    return verifyTimestamp(fromBase64(token), digest, authorities)
  } catch (error) {
    if (!(error instanceof RepriseError) || error.code === 'usage') throw error
    const nothing = { time: null, policy: null, tsa: null, serial: null, trusted: false }
    return { ...nothing, problems: [error.message] }
  }
}
