/**
 * Hands a planned run over to the head of a cluster: what is missing of it, the plan, the capsule and the inputs. Where it
 * is going is written down before it goes, so that it is found again whatever happens on the way; and handing it over
 * again has it executed further.
 */
import { RepriseError } from '../lib/errors.ts'
import type { Head } from '../runners/detached/head.ts'
import { isAnswer } from '../runners/detached/heard.ts'
import type { FarRun } from '../runners/detached/status.ts'
import { type Manner, rangesOf, type Submission } from '../runners/detached/submission.ts'
import { taskEngines } from '../runners/detached/task-engines.ts'
import type { Station } from '../runners/station/station.ts'
import { namedCluster } from './cluster-word.ts'
import { newDetached, readDetached, told, writeDetached } from './detached.ts'
import { recordSession } from './execute.ts'
import type { Lab, RunFolder } from './lab.ts'
import { recordAbort } from './ledger-run.ts'
import { lockRun } from './lock.ts'
import { demandConsent, isDetached, withCluster } from './may-execute.ts'
import { missingAssignment } from './missing.ts'
import { capsulePath, inputPaths } from './objects.ts'
import type { Plan } from './plan.ts'
import { ResultsStore } from './results.ts'

/** Where on the cluster, and how. */
export interface Placement extends Manner {
  /** The cluster with its kind, such as `slurm:NAME`. */
  readonly runner: string
}

/**
 * Throws `busy` for a run that another cluster has, `refused` for code from elsewhere that nobody consented to, `usage`, `storage` or
 * what the head says; what a head has of the run stays a run that is there.
 */
export async function handOver(
  lab: Lab,
  run: RunFolder,
  { head, station }: { readonly head: Head; readonly station: Station },
  placement: Placement,
): Promise<FarRun> {
  const lock = lockRun(run, new Date())
  const store = ResultsStore.open(run)
  try {
    store.migrate()
    const plan = store.plan()
    demandPlain(plan)
    const before = readDetached(run)
    const missing = missingAssignment(lab, plan, store)
    if (missing.count === 0) throw nothingMissing(run)
    const { runner, ...manner } = placement
    const isAway = isDetached(store)
    if (isAway && before?.runner !== runner) throw withCluster(run) // it may be executed there still
    if (!isAway) demandConsent(lab, run, plan)
    const there = await whatIsThere(head, run.id)
    const note = before?.runner === runner ? before : newDetached(runner, new Date())
    writeDetached(run, note)
    if (there?.state !== 'running' || store.events().at(-1)?.kind !== 'detached') {
      const engines = placement.engines ?? placesOf(placement, station)
      const most = placement.scheduler?.maxCoreHours ?? null
      recordSession(lab, store, plan, { kind: namedCluster(runner)!.kind, engines }, missing.count, most)
      store.addEvent(new Date(), 'detached', { missing: missing.count })
    }
    let sent = false
    try {
      if (there === null) await bring(lab, plan, station)
      sent = true
      const far = await (there === null
        ? head.submit(submissionOf(lab, plan, [...missing.chunks], manner))
        : head.restart(run.id, manner))
      writeDetached(run, told(note, far))
      return far
    } catch (error) {
      if (sent && !isAnswer(error)) throw unheard(run, error as Error)
      // what is there already, or has arrived, stays one that is there
      if (there !== null || (await isThere(head, run.id))) throw error
      const { chunks } = store.counts()
      store.addEvent(new Date(), 'failed', { reason: (error as Error).message.toWellFormed() })
      recordAbort(lab, plan, error instanceof RepriseError ? error.code : 'failed', chunks)
      throw error
    }
  } finally {
    store.close()
    lock.release()
  }
}

/** Has on the head what the submission names. */
async function bring(lab: Lab, { capsule: { sha256 }, inputs }: Plan, station: Station): Promise<void> {
  const capsule = { kind: 'capsule', sha256, path: capsulePath(lab, sha256) } as const
  const paths = Object.entries(inputPaths(lab, inputs))
  await station.keep([capsule, ...paths.map(([sha256, path]) => ({ kind: 'input', sha256, path }) as const)])
}

function submissionOf(lab: Lab, plan: Plan, chunks: readonly number[], manner: Manner): Submission {
  return {
    format: 'reprise/submission/1',
    run: plan.run,
    name: plan.experiment.document.name,
    submitted: new Date().toISOString(),
    plan,
    hash: plan.experiment.hash,
    capsule: plan.capsule.sha256,
    inputs: Object.keys(inputPaths(lab, plan.inputs)),
    chunks: rangesOf(chunks),
    ...manner,
  }
}

/** What the head knows of the run; null where it knows none. */
async function whatIsThere(head: Head, run: string): Promise<FarRun | null> {
  try {
    return await head.run(run)
  } catch (error) {
    if (error instanceof RepriseError && error.code === 'not-found') return null
    throw error
  }
}

/** Where it cannot be told, it may be. */
async function isThere(head: Head, run: string): Promise<boolean> {
  return (await whatIsThere(head, run).catch(() => undefined)) !== null
}

/** The head may have begun before the connection ended: so the run stays one that is there. */
function unheard(run: RunFolder, cause: Error): RepriseError {
  const code = cause instanceof RepriseError ? cause.code : 'engine'
  return new RepriseError(code, `it is not known whether it was handed over: ${cause.message}`, {
    subject: `run ${run.id}`,
    remedy: `See reprise status ${run.id}; where it is not there, reprise resume ${run.id} --detach again`,
    cause,
  })
}

/** Of workers whose cores nobody knows here, one engine is counted; of a scheduler's tasks, one task. */
function placesOf({ headEngines, workers, scheduler }: Placement, { facts }: Station): number {
  if (scheduler !== undefined) return taskEngines(scheduler)
  return (headEngines ?? facts.cores) + workers.reduce((sum, { engines }) => sum + (engines ?? 1), 0)
}

function demandPlain(plan: Plan): void {
  if (plan.replicate == null) return
  throw new RepriseError(
    'usage',
    'has chunks that are to be executed twice, which a cluster without us cannot',
    {
      subject: `run ${plan.run}`,
      remedy: 'Execute it attached, without --detach, or run it again without --replicate',
    },
  )
}

function nothingMissing(run: RunFolder): RepriseError {
  return new RepriseError('usage', 'has all its chunks; there is nothing to hand over', {
    subject: `run ${run.id}`,
    remedy: `See reprise show ${run.id}, or seal it: reprise resume ${run.id}`,
  })
}
