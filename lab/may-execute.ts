/**
 * What stands between a run and the engines, wherever the wish to execute it comes from: code that came from elsewhere wants
 * consent, and what a cluster has is not executed beside it. To seal what is whole executes nothing.
 */
import { RepriseError } from '../lib/errors.ts'
import { readDetached } from './detached.ts'
import type { Lab, RunFolder } from './lab.ts'
import { plannedChunks } from './missing.ts'
import { capsulePath, isTrustedCapsule, trustCapsule } from './objects.ts'
import type { Plan } from './plan.ts'
import { replicaCount, replicasDone } from './replicas.ts'
import { type ResultsStore, readPlan } from './results.ts'

/** Under the run's lock. Throws `refused` or `busy`. */
export function demandExecutable(lab: Lab, run: RunFolder, store: ResultsStore): void {
  const plan = store.plan()
  if (isWhole(plan, store)) return
  demandConsent(lab, run, plan)
  if (isDetached(store)) throw withCluster(run)
}

/** Whether the last that was heard of it is that a cluster has it. */
export function isDetached(store: ResultsStore): boolean {
  return store.events().findLast(({ kind }) => AT.includes(kind))?.kind === 'detached'
}

/** Events that say who is at a run, or that nobody is. */
const AT: readonly string[] = ['started', 'detached', 'cancelled', 'incomplete', 'failed', 'sealed']

function isWhole(plan: Plan, store: ResultsStore): boolean {
  return store.counts().chunks === plannedChunks(plan) && replicasDone(store) === replicaCount(plan)
}

/** A run that a cluster has: it is stopped there before anybody else is at it. */
export function withCluster(run: RunFolder): RepriseError {
  return new RepriseError('busy', `is with ${readDetached(run)?.runner}, which may be executing it`, {
    subject: `run ${run.id}`,
    remedy: `Have it go on there: reprise resume ${run.id} --detach; or take it back: reprise cancel ${run.id}`,
  })
}

/** Throws `refused` for code that came with a run from elsewhere, and that nobody consented to. */
export function demandConsent(lab: Lab, run: RunFolder, { capsule }: Plan = readPlan(run)): void {
  if (isTrustedCapsule(lab, capsule.sha256)) return
  throw new RepriseError(
    'refused',
    'was planned in another lab: executing it here executes its code with your rights',
    {
      subject: `run ${run.id}`,
      remedy: `Read ${capsulePath(lab, capsule.sha256)}, then say --yes (in a program: { trust: true }); or let its cluster go on: --detach`,
    },
  )
}

/** Somebody consents to execute what the run executes. */
export function consent(lab: Lab, run: RunFolder): void {
  trustCapsule(lab, readPlan(run).capsule.sha256)
}
