/**
 * Verification of the timestamps in a proof (FORMAT.md §9.12): each is over the checkpoint beside it. What an authority
 * says is believed where the user trusts it; else the time is told, and that it was not checked who says so.
 */
import { timestampJudge } from '#timestamp-judge'
import { fromBase64 } from '../lib/base64.ts'
import { RepriseError } from '../lib/errors.ts'
import { checkpointDigest, parseTlogProof } from '../lib/tlog-proof.ts'
import { type Timestamp, type TimestampJudge, UNTRUSTED } from './timestamp-verdict.ts'
import type { Trust } from './trust.ts'
import type { Findings } from './verify-proof.ts'

/**
 * Checks the tokens over the checkpoint in `log`; `what` is what the checkpoint stands for. Anybody can add a token, so that
 * a good one of a strange authority is only told. Gives how many are by authorities that are trusted.
 */
export function verifyTimestamps(
  tokens: readonly string[],
  log: string | undefined,
  what: string,
  { authorities = [] }: Trust,
  { report, checked, unchecked }: Findings,
): number {
  if (timestampJudge === null) {
    if (tokens.length > 0)
      unchecked.push(`timestamps of ${what} (${tokens.length}): reprise verify checks them, with Node`)
    return 0
  }
  let believed = 0
  for (const [i, token] of tokens.entries()) {
    const { problems, time, tsa, trusted } = judged(timestampJudge, token, log, authorities)
    const faults = problems.filter((problem) => problem !== UNTRUSTED)
    for (const fault of faults) report(`timestamp ${i} of ${what}`, fault)
    if (faults.length > 0) continue
    const words = `timestamp of ${what} at ${time} by ${tsa}`
    if (trusted) believed++
    if (trusted) checked.push(words)
    else unchecked.push(`whether to believe the ${words} (--tsa-ca FILE)`)
  }
  return believed
}

function judged(
  judge: TimestampJudge,
  token: string,
  log: string | undefined,
  authorities: readonly string[],
): Timestamp {
  try {
    const digest = checkpointDigest(parseTlogProof(log ?? '').checkpoint)
    return judge(fromBase64(token), digest, authorities)
  } catch (error) {
    if (!(error instanceof RepriseError) || error.code === 'usage') throw error
    const nothing = { time: null, policy: null, tsa: null, serial: null, trusted: false }
    return { ...nothing, problems: [error.message] }
  }
}
