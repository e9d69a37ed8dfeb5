/**
 * Hands a planned run over to the head of a cluster: what is missing of it, the plan, the capsule and the inputs. Where it
 * is going is written down before it goes, so that it is found again whatever happens on the way; and handing it over
 * again has it executed further.
 */
import { RepriseError } from '../lib/errors.ts'
import type { Head } from '../runners/detached/head.ts'
import type { FarRun } from '../runners/detached/status.ts'
import { rangesOf, type Submission, type WorkerHost } from '../runners/detached/submission.ts'
import type { Station } from '../runners/station/station.ts'
import { newDetached, readDetached, told, writeDetached } from './detached.ts'
import { recordSession } from './execute.ts'
import type { Lab, RunFolder } from './lab.ts'
import { recordAbort } from './ledger-run.ts'
import { lockRun } from './lock.ts'
import { missingAssignment } from './missing.ts'
import { capsulePath, inputPaths } from './objects.ts'
import type { Plan } from './plan.ts'
import { ResultsStore } from './results.ts'

/** Where on the cluster, and how. */
export interface Placement {
  readonly cluster: string
  /** Engines at once in all; null for all that the hosts have. */
  readonly engines: number | null
  readonly timeoutMs: number | null
  readonly headEngines: number | null
  readonly workers: readonly WorkerHost[]
  readonly env: Readonly<Record<string, string>>
}

/** Throws `usage`, `busy`, `storage` or what the head says; then the run is here as it was. */
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
    const note = before?.cluster === placement.cluster ? before : newDetached(placement.cluster, new Date())
    writeDetached(run, note)
    const engines = placement.engines ?? placesOf(placement, station)
    recordSession(lab, store, plan, { kind: 'ssh', engines }, missing.count)
    store.addEvent(new Date(), 'detached', { missing: missing.count })
    try {
      const far = (await isThere(head, run.id))
        ? await head.restart(run.id)
        : await submit(lab, plan, [...missing.chunks], { head, station }, placement)
      writeDetached(run, told(note, far))
      return far
    } catch (error) {
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

async function submit(
  lab: Lab,
  plan: Plan,
  chunks: readonly number[],
  { head, station }: { readonly head: Head; readonly station: Station },
  { cluster: _, ...where }: Placement,
): Promise<FarRun> {
  const inputs = inputPaths(lab, plan.inputs)
  const capsule = {
    kind: 'capsule',
    sha256: plan.capsule.sha256,
    path: capsulePath(lab, plan.capsule.sha256),
  } as const
  await station.keep([
    capsule,
    ...Object.entries(inputs).map(([sha256, path]) => ({ kind: 'input', sha256, path }) as const),
  ])
  const submission: Submission = {
    format: 'reprise/submission/1',
    run: plan.run,
    name: plan.experiment.document.name,
    submitted: new Date().toISOString(),
    plan,
    hash: plan.experiment.hash,
    capsule: plan.capsule.sha256,
    inputs: Object.keys(inputs),
    chunks: rangesOf(chunks),
    ...where,
  }
  return head.submit(submission)
}

async function isThere(head: Head, run: string): Promise<boolean> {
  try {
    await head.run(run)
    return true
  } catch (error) {
    if (error instanceof RepriseError && error.code === 'not-found') return false
    throw error
  }
}

/** Of workers whose cores nobody knows here, one engine is counted. */
function placesOf({ headEngines, workers }: Placement, { facts }: Station): number {
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
