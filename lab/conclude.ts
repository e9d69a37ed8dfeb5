/**
 * How an execution ends: sealed when all chunks are there and every replica is identical; otherwise with a word on what
 * stopped it, in the record and for the caller.
 */
import { type ErrorRecord, RepriseError, toErrorRecord } from '../lib/errors.ts'
import type { Collection } from '../runners/detached/collect.ts'
import { concludeCollection } from './conclude-collection.ts'
import type { Lab, RunFolder } from './lab.ts'
import { recordAbort } from './ledger-run.ts'
import { plannedChunks } from './missing.ts'
import type { Plan } from './plan.ts'
import { replicaCount, replicaDivergence, replicasDone } from './replicas.ts'
import type { ResultsStore } from './results.ts'
import { seal } from './seal.ts'
import type { Verdict } from './verdict.ts'

export type Outcome =
  /** All chunks are there and the root is recorded. */
  | ({ readonly state: 'sealed' } & Judged)
  /** All chunks of an audit's sample are there. */
  | ({ readonly state: 'sampled' } & Judged)
  /** Chunks are set aside; or `reason` says what stopped it, which has nothing to do with its chunks. */
  | ({
      readonly state: 'incomplete'
      readonly setAside: readonly SetAside[]
      readonly reason?: string
    } & Judged)
  | { readonly state: 'interrupted' }
  | { readonly state: 'cancelled' }
  /** It is executed elsewhere, and what there was of it is here. */
  | { readonly state: 'detached' }

export interface Judged {
  /** Of a rerun: what came of comparing it. */
  readonly verdict?: Verdict
}

export interface SetAside {
  readonly chunk: number
  readonly reason: string
}

export interface Ending {
  readonly failure: Error | null
  readonly cancelled: boolean
  readonly stopped: boolean
  /** It has taken what it may. */
  readonly overspent: RepriseError | null
  readonly setAside: readonly SetAside[]
  /** Where it was executed elsewhere: what was collected of it. */
  readonly collects: Collection | null
}

/** Records the end. Throws the failure, or the finding that a replica differs. */
export function conclude(lab: Lab, run: RunFolder, store: ResultsStore, plan: Plan, ending: Ending): Outcome {
  const { cancelled, stopped, overspent, setAside, collects } = ending
  const failure = ending.failure ?? replicaDivergence(store, plan)
  if (failure !== null) {
    if (collects !== null && !isFinding(failure)) throw failure // what went wrong is our way to it, not the run
    try {
      store.addEvent(new Date(), 'failed', {
        reason: (failure instanceof RepriseError ? failure.line : String(failure)).toWellFormed(),
        error: wellFormed(toErrorRecord(failure, 'engine')),
      })
      const state = failure instanceof RepriseError ? failure.code : 'failed'
      recordAbort(lab, plan, state, store.counts().chunks)
    } catch {} // the disk may be what failed
    throw failure
  }
  const done = store.counts().chunks
  const whole = done === plannedChunks(plan) && replicasDone(store) === replicaCount(plan)
  if (whole && plan.rerun?.sample != null) {
    store.addEvent(new Date(), 'sealed', { sample: done })
    return { state: 'sampled' }
  }
  if (whole) {
    seal(run, store, plan)
    return { state: 'sealed' }
  }
  if (collects !== null) return concludeCollection(lab, store, plan, collects)
  if (stopped && (cancelled || overspent === null)) {
    const state = cancelled ? 'cancelled' : 'interrupted'
    store.addEvent(new Date(), state, { chunks: done })
    recordAbort(lab, plan, state, done)
    return { state }
  }
  const why = overspent === null ? {} : { reason: overspent.line }
  const body = { chunks: done, setAside: setAside.map(({ chunk }) => chunk), ...why }
  store.addEvent(new Date(), 'incomplete', body)
  recordAbort(lab, plan, 'incomplete', done)
  return { state: 'incomplete', setAside, ...why }
}

function isFinding(failure: Error): boolean {
  return failure instanceof RepriseError && failure.code === 'divergent'
}

/** Words of foreign code may hold what no record can. */
function wellFormed({ code, message, subject, remedy }: ErrorRecord): ErrorRecord {
  return {
    code,
    message: message.toWellFormed(),
    subject: subject.toWellFormed(),
    remedy: remedy.toWellFormed(),
  }
}
