/** The worker that judges (judge-calls.ts): it holds the record and answers calls, one after the other. It executes nothing of anybody's. */
import { RepriseError } from '../../lib/errors.ts'
import { Judgement } from '../verification/judgement.ts'
import type { Call, FromJudge, ToJudge } from './judge-calls.ts'

let judgement: Judgement | null = null

globalThis.onmessage = ({ data }: MessageEvent<ToJudge>) => {
  if ('record' in data) judgement = new Judgement(data.record, chance)
  else answer(data)
}

function answer(call: Call): void {
  let told: FromJudge
  try {
    told = { id: call.id, take: carryOut(judgement!, call) }
  } catch (error) {
    const refusal = error instanceof RepriseError ? error.line : String(error)
    told = { id: call.id, refusal }
  }
  globalThis.postMessage(told)
}

function carryOut(judgement: Judgement, { name, give }: Call): unknown {
  switch (name) {
    case 'verify':
      return judgement.verify(give.key)
    case 'plan':
      return judgement.plan(give.count, give.beacon)
    case 'code':
      return judgement.code()
    case 'compare':
      return judgement.compare(give.chunk, give.bytes)
    case 'verdict':
      return judgement.verdict(give.plan, give.tally)
  }
}

function chance(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(32))
}
