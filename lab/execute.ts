/**
 * Executes what is missing of a run, under its lock, until it is whole, stopped, or can go no further. `run`,
 * `resume` and `rerun` are this one function: recovery takes the same path as normal work.
 */
import { rmSync } from 'node:fs'
import type { RepriseError } from '../lib/errors.ts'
import { variablesHere } from '../provenance/variables.ts'
import type { Collection } from '../runners/detached/collect.ts'
import type { Assignment, Runner, Sink } from '../runners/runner.ts'
import { allowanceIn } from './allowance.ts'
import { Collector, type Observer } from './collect.ts'
import { collectedSince, keepCollected, startCollecting } from './collected.ts'
import { conclude, type Outcome, type SetAside } from './conclude.ts'
import { budget } from './core-hours.ts'
import { Makers } from './environments.ts'
import type { Lab, RunFolder } from './lab.ts'
import { recordStart } from './ledger-run.ts'
import { lockRun } from './lock.ts'
import { demandExecutable } from './may-execute.ts'
import { missingAssignment, plannedChunks, replicaAssignment } from './missing.ts'
import type { Plan } from './plan.ts'
import { onceEach } from './probes.ts'
import { replicaCount, replicasDone } from './replicas.ts'
import { ResultsStore } from './results.ts'
import { sessionEnvironment } from './surroundings.ts'
import { TrialRefusal, trialRefusal } from './trial.ts'
import { compareRerun } from './verdict.ts'

export type { Outcome } from './conclude.ts'

/** How often the executing process looks for requests of others, ms. */
const LOOK_MS = 300

export interface HowToExecute {
  /** A run that its trial refuses stays, as one that failed, for whoever looks later why. */
  readonly keepRefused?: boolean
  /** The runner, where it collects what was executed elsewhere: that has been recorded as begun already. */
  readonly collects?: Collection
  /** Core-hours that the run may take in all; null for any, what was said before when not given. Of tasks elsewhere their head counts. */
  readonly maxCoreHours?: number | null | undefined
}

/**
 * Executes the run; a rerun is then compared with what it repeats. Throws `busy`, `refused`, `storage`, `divergent` or `engine`; what
 * was acknowledged stays in any case.
 */
export async function executeRun(
  lab: Lab,
  run: RunFolder,
  runner: Runner,
  signal: AbortSignal,
  observer: Observer = {},
  how: HowToExecute = {},
): Promise<Outcome> {
  const store = ResultsStore.open(run)
  const asked = store.requests() // before the lock: who asks later has seen that we hold it
  let refused = false
  try {
    const lock = lockRun(run, new Date(), how.collects !== undefined)
    try {
      if (how.collects === undefined) demandExecutable(lab, run, store)
      const outcome = await executeMissing({ lab, run, store, asked, how }, runner, signal, observer)
      return compared(lab, run, outcome, store.plan())
    } catch (error) {
      refused = how.keepRefused !== true && error instanceof TrialRefusal && store.counts().chunks === 0
      throw error
    } finally {
      lock.release()
    }
  } finally {
    store.close()
    if (refused) rmSync(run.path, { recursive: true, force: true }) // it holds no chunk: see trial.ts
  }
}

/** Under the lock still, so that nobody sees a rerun that is over and has no verdict. */
function compared(lab: Lab, run: RunFolder, outcome: Outcome, plan: Plan): Outcome {
  const { state } = outcome
  if (plan.rerun === null || state === 'interrupted' || state === 'cancelled' || state === 'detached')
    return outcome
  return { ...outcome, verdict: compareRerun(lab, run) }
}

interface Opened {
  readonly lab: Lab
  readonly run: RunFolder
  readonly store: ResultsStore
  /** Requests that were there before this execution. */
  readonly asked: number
  readonly how: HowToExecute
}

async function executeMissing(
  { lab, run, store, asked, how }: Opened,
  runner: Runner,
  signal: AbortSignal,
  watching: Observer,
): Promise<Outcome> {
  store.migrate()
  const { collects } = how
  const most = how.maxCoreHours === undefined ? allowanceIn(store) : how.maxCoreHours
  const plan = store.plan()
  const missing = missingAssignment(lab, plan, store)
  const wantsProbes = onceEach()
  if (collects === undefined) recordSession(lab, store, plan, runner, missing.count, most)
  else collects.begin(startCollecting(store, collects.journal))
  const session = store.events().filter((event) => event.kind === 'started').length
  const { observer, over } = budget(store, watching, collects === undefined ? most : null)
  let overspent: RepriseError | null = null
  observer.begun?.()
  const stop = new AbortController()
  let failure: Error | null = null
  const setAside: SetAside[] = []
  const fail = (error: Error) => {
    failure ??= error
    stop.abort()
  }
  /** Engines that are fresh execute chunks, or execute them a second time. */
  const pass = async (kind: 'chunks' | 'replicas', assignment: Assignment) => {
    const makers = new Makers(session)
    const collected = { kind, makers, ...(collects === undefined ? {} : keeping(store, collects, session)) }
    const collector = new Collector(store, run, observer, fail, collected)
    const fresh =
      collects === undefined && plan.rerun === null && store.counts().chunks === 0 && kind === 'chunks'
    try {
      const sink = fresh ? withTrial(collector, plan) : collector
      await runner.execute({ ...assignment, wantsProbes }, sink, stop.signal)
    } catch (error) {
      failure ??= error as Error
    } finally {
      collector.close()
    }
    setAside.push(...collector.setAsideChunks)
  }
  let cancelled = false
  const look = setInterval(() => {
    try {
      cancelled = store.requests() > asked
    } catch {} // a disk that cannot be read is told where chunks are written
    overspent ??= over()
    if (cancelled || overspent !== null) stop.abort()
  }, LOOK_MS)
  const onAbort = () => stop.abort()
  signal.addEventListener('abort', onAbort)
  if (signal.aborted) stop.abort()
  try {
    await pass('chunks', missing)
    if (failure === null && !stop.signal.aborted && store.counts().chunks === plannedChunks(plan)) {
      const replicas = replicaAssignment(lab, plan, store)
      if (replicas.count > 0) {
        observer.replicating?.(replicas.count)
        await pass('replicas', replicas)
      }
    }
  } catch (error) {
    failure ??= error as Error
  } finally {
    clearInterval(look)
    signal.removeEventListener('abort', onAbort)
  }
  const ending = {
    failure,
    cancelled,
    stopped: stop.signal.aborted,
    overspent,
    setAside,
    collects: collects ?? null,
  }
  return conclude(lab, run, store, plan, ending)
}

/** What a collector keeps besides of what was executed elsewhere. */
function keeping(store: ResultsStore, collects: Collection, session: number) {
  const since = collectedSince(store, collects.journal, session)
  return { since, keepPlace: () => keepCollected(store, collects.kept()) }
}

/** Records that an execution begins, here or where it is handed over to. `maxCoreHours` where it is known what the run may take; null for any. */
export function recordSession(
  lab: Lab,
  store: ResultsStore,
  plan: Plan,
  { kind, engines, cluster }: Pick<Runner, 'kind' | 'engines' | 'cluster'>,
  missing: number,
  maxCoreHours?: number | null,
): void {
  recordStart(lab, plan, { kind, engines }, missing)
  const replicas = replicaCount(plan) - replicasDone(store)
  store.addEvent(new Date(), 'started', {
    runner: kind,
    engines,
    ...(cluster === undefined ? {} : { cluster }),
    environment: sessionEnvironment(),
    variables: variablesHere(),
    missing,
    ...(replicas > 0 ? { replicas } : {}),
    ...(maxCoreHours === undefined ? {} : { maxCoreHours }),
  })
}

/** Lets the first chunk pass only when it is no refusal; see trial.ts. */
function withTrial(collector: Collector, plan: Plan): Sink {
  let tried = false
  return {
    chunk(done) {
      const refusal = tried ? null : trialRefusal(plan.experiment.document, done)
      tried = true
      if (refusal === null) collector.chunk(done)
      else collector.fail(refusal)
    },
    log: (line) => collector.log(line),
    engine: (started) => collector.engine(started),
    touched: (touch) => collector.touched(touch),
    probed: (found) => collector.probed(found),
    lost: (engine, reason, chunks) => collector.lost(engine, reason, chunks),
    setAside: (chunk, reason) => collector.setAside(chunk, reason),
    task: (told) => collector.task(told),
  }
}
