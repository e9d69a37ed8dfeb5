/**
 * Collects what a head has executed of a run: its journal is replayed, from where it was left, through the same function
 * that executes runs here. So chunks are compared, stored and sealed as ever, and only what is new travels.
 */
import { chunkPlace, failedJobs, parseChunk } from '../lib/chunk.ts'
import { chunkCount } from '../lib/document.ts'
import { RepriseError } from '../lib/errors.ts'
import { Collection } from '../runners/detached/collect.ts'
import type { Head } from '../runners/detached/head.ts'
import type { FarRun } from '../runners/detached/status.ts'
import type { FarState } from '../runners/detached/told.ts'
import type { ChunkDone } from '../runners/runner.ts'
import { namedCluster } from './cluster-word.ts'
import type { Observer } from './collect.ts'
import { demandDetached, noteTold } from './detached.ts'
import { executeRun, type Outcome, recordSession } from './execute.ts'
import type { Lab, RunFolder } from './lab.ts'
import { lockRun } from './lock.ts'
import { plannedChunks } from './missing.ts'
import type { Plan } from './plan.ts'
import { ResultsStore, readPlan } from './results.ts'

export interface HowToCollect {
  /** Until the run has ended there; else until all that is there now is here. */
  readonly follow: boolean
}

/** Throws what kept it from collecting; what arrived before stays. */
export async function collectRun(
  lab: Lab,
  run: RunFolder,
  head: Head,
  { follow }: HowToCollect,
  signal: AbortSignal,
  observer: Observer = {},
): Promise<Outcome> {
  const plan = readPlan(run)
  const check = chunkCheck(plan)
  const { runner } = demandDetached(run)
  const { kind } = namedCluster(runner)!
  begin(lab, run, plan, kind)
  const far = await head.run(run.id)
  noteTold(run, runner, far)
  const once = async (anew: boolean) => {
    const source = head.journal.bind(head, run.id)
    // A submission is written once: another time of submitting is another journal.
    const collection = new Collection(source, {
      journal: far.submitted,
      follow,
      anew,
      kind,
      engines: 0,
      check,
    })
    const outcome = await executeRun(lab, run, collection, signal, observer, { collects: collection })
    return { outcome, state: collection.state }
  }
  let { outcome, state } = await once(false)
  if (!signal.aborted && hasMore(run, plan, far, state)) ({ outcome, state } = await once(true))
  if (outcome.state === 'detached' && state === 'done' && !signal.aborted) throw notAll(run)
  noteTold(run, runner, await head.run(run.id).catch(() => far))
  if (outcome.state === 'sealed' || outcome.state === 'sampled') await head.release(run.id).catch(() => {}) // only makes room
  return outcome
}

/** Whether chunks that were done there before we asked for them are not here: what was noted was more than there is. */
function hasMore(run: RunFolder, plan: Plan, { done, total }: FarRun, state: FarState | null): boolean {
  const store = ResultsStore.open(run)
  try {
    const missing = plannedChunks(plan) - store.counts().chunks
    return missing > (state === 'done' ? 0 : Math.max(0, total - done))
  } finally {
    store.close()
  }
}

/** A run that another lab handed over begins here when it is collected for the first time. */
function begin(lab: Lab, run: RunFolder, plan: Plan, kind: string): void {
  const lock = lockRun(run, new Date())
  const store = ResultsStore.open(run)
  try {
    if (store.events().some(({ kind }) => kind === 'started')) return
    const missing = plannedChunks(plan)
    recordSession(lab, store, plan, { kind, engines: 0 }, missing)
    store.addEvent(new Date(), 'detached', { missing })
  } finally {
    store.close()
    lock.release()
  }
}

/** Refuses chunks that the plan does not ask for, and bytes that no engine would have written for their place. */
function chunkCheck({ experiment, rerun }: Plan): (done: ChunkDone) => void {
  const { document } = experiment
  const total = chunkCount(document)
  const sample = rerun?.sample == null ? null : new Set(rerun.sample)
  return ({ chunk, bytes, failed }) => {
    const asked = chunk < total && (sample === null || sample.has(chunk))
    if (!asked) throw bad(chunk, 'was not asked for')
    const record = parseChunk(bytes, chunkPlace(document, chunk))
    if (failedJobs(record) !== failed) throw bad(chunk, 'has not as many failed jobs as it is said to have')
  }
}

function bad(chunk: number, what: string): RepriseError {
  return new RepriseError('not-intact', what, {
    subject: `journal, chunk ${chunk}`,
    remedy: 'What was taken before is safe; do not trust this head with the rest',
  })
}

function notAll(run: RunFolder): RepriseError {
  return new RepriseError('not-intact', 'the head says that all is done, and not all is in its journal', {
    subject: `run ${run.id}`,
    remedy: `Execute the rest here: reprise resume ${run.id}`,
  })
}
