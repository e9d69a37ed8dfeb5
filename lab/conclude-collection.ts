/**
 * How collecting ends where the run is not whole: it goes on there, or it ended there and why. What ended it is recorded
 * here once, as if it had happened here.
 */
import type { Collection } from '../runners/detached/collect.ts'
import type { Outcome } from './conclude.ts'
import type { Lab } from './lab.ts'
import { recordAbort } from './ledger-run.ts'
import type { Plan } from './plan.ts'
import type { EventKind, ResultsStore } from './results.ts'

export function concludeCollection(
  lab: Lab,
  store: ResultsStore,
  plan: Plan,
  collected: Collection,
): Outcome {
  const { state, reason, setAside } = collected
  const { chunks } = store.counts()
  if (state === 'cancelled') {
    record('cancelled', { chunks })
    return { state }
  }
  if (state === 'incomplete') {
    const why = setAside.size > 0 || reason === null ? {} : { reason }
    record('incomplete', { chunks, setAside: [...setAside.keys()], ...why })
    return { state, setAside: [...setAside].map(([chunk, reason]) => ({ chunk, reason })), ...why }
  }
  if (state === 'failed') record('failed', { reason: reason ?? 'it failed on the head' })
  return { state: 'detached' }

  function record(kind: EventKind, body: Readonly<Record<string, unknown>>): void {
    const last = store.events().findLast((event) => event.kind === kind || event.kind === 'detached')
    if (last?.kind === kind) return
    store.addEvent(new Date(), kind, body)
    recordAbort(lab, plan, kind, chunks)
  }
}
