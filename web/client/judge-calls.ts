/**
 * What a page asks of its judge (judge.ts), a worker with the record: so that nothing of a page stands still while a hundred
 * thousand leaves are hashed. One call is one message each way.
 */
import type { RerunPlan } from '../../lab/plan.ts'
import type { Code, Compared, Finding, HeldRecord } from '../verification/judgement.ts'
import type { RerunTally, RerunVerdict } from '../verification/rerun-verdict.ts'
import { startWorker } from './workers.ts'

/** The calls, by name: what is given, and what comes back. */
export interface Calls {
  readonly verify: { readonly give: { readonly key: string | null }; readonly take: Finding }
  readonly plan: {
    readonly give: { readonly count: number | null; readonly beacon: string | null }
    readonly take: RerunPlan
  }
  readonly code: { readonly give: null; readonly take: Code }
  readonly compare: {
    readonly give: { readonly chunk: number; readonly bytes: Uint8Array }
    readonly take: Compared
  }
  readonly verdict: {
    readonly give: { readonly plan: RerunPlan; readonly tally: RerunTally }
    readonly take: RerunVerdict
  }
}

export type CallName = keyof Calls

/** To the judge: first the record alone, then calls. */
export type ToJudge = { readonly record: HeldRecord } | Call
export type Call = {
  [N in CallName]: { readonly id: number; readonly name: N; readonly give: Calls[N]['give'] }
}[CallName]

/** From the judge: what was asked for, or a line that says why not. */
export type FromJudge = { readonly id: number } & ({ readonly take: unknown } | { readonly refusal: string })

export interface Judge {
  call<N extends CallName>(name: N, give: Calls[N]['give']): Promise<Calls[N]['take']>
}

/** A judge with this record. */
export function startJudge(record: HeldRecord): Judge {
  const worker = startWorker('judge')
  const waiting = new Map<number, { resolve: (take: never) => void; reject: (error: Error) => void }>()
  let last = 0
  let broken: Error | null = null
  worker.onmessage = ({ data }: MessageEvent<FromJudge>) => {
    const asked = waiting.get(data.id)
    waiting.delete(data.id)
    if ('refusal' in data) asked?.reject(new Error(data.refusal))
    else asked?.resolve(data.take as never)
  }
  worker.onerror = (event) => {
    broken = new Error(event.message || 'the worker that verifies could not be started')
    for (const { reject } of waiting.values()) reject(broken)
    waiting.clear()
  }
  worker.postMessage({ record } satisfies ToJudge)
  return {
    call: (name, give) =>
      new Promise((resolve, reject) => {
        if (broken !== null) return reject(broken)
        const id = ++last
        waiting.set(id, { resolve, reject })
        worker.postMessage({ id, name, give })
      }),
  }
}
