/**
 * What a run has taken and will take still: core-hours, and money where the configuration has prices. Of a scheduler's tasks its
 * head says how long they had their cores; of other engines it is how long they were at the chunks that are there.
 */
import { HOUR_MS } from '../runners/array/spent.ts'
import { moneyOf, type Prices } from '../runners/cloud/prices.ts'
import { allowanceOf } from './allowance.ts'
import { namedCluster } from './cluster-word.ts'
import { engineMs } from './core-hours.ts'
import type { Lab, RunFolder } from './lab.ts'
import { ResultsStore } from './results.ts'
import type { RunState } from './state.ts'

export interface Amount {
  readonly coreHours: number
  /** In the currency of the prices; null where none are known. */
  readonly money: number | null
}

export interface Cost {
  readonly spent: Amount
  /** What is missing, at the rate so far; null before anything is done, and of a run that is whole. */
  readonly ahead: Amount | null
  /** ISO 4217; null where no prices are known. */
  readonly currency: string | null
  /** Core-hours that it may take in all; null for any, and of a run that is whole. */
  readonly mayTake: number | null
  /** Whose time it is: of tasks from their beginning to their end, or of engines at their chunks. */
  readonly of: 'tasks' | 'engines'
}

function amountOf(coreMs: number, prices: Prices | null): Amount {
  return { coreHours: coreMs / HOUR_MS, money: prices === null ? null : moneyOf(coreMs, prices) }
}

/** Of a run as it is known here. */
export async function costOf(lab: Lab, run: RunFolder, state: RunState): Promise<Cost> {
  const there = state.detached?.there ?? null
  const here = sessionsHere(run)
  const prices = await pricesOf(lab, state.detached?.runner ?? here.cluster)
  const ofTasks = there?.coreMs
  const coreMs = ofTasks ?? here.coreMs
  const [done, total] =
    ofTasks === undefined || state.chunksDone > there!.done
      ? [state.chunksDone, state.chunks]
      : [there!.done, there!.total]
  const isOver = state.state === 'sealed' || state.state === 'sampled' || done >= total
  return {
    spent: amountOf(coreMs, prices),
    ahead: isOver || done === 0 ? null : amountOf((coreMs / done) * (total - done), prices),
    currency: prices?.currency ?? null,
    mayTake: isOver ? null : allowanceOf(run),
    of: ofTasks === undefined ? 'engines' : 'tasks',
  }
}

/** How long engines were at the chunks that are here, and the cluster that had the last of them while we were there. */
function sessionsHere(run: RunFolder): { coreMs: number; cluster: string | null } {
  const store = ResultsStore.open(run)
  try {
    const { cluster } = store.events().findLast(({ kind }) => kind === 'started')?.body ?? {}
    return { coreMs: engineMs(store), cluster: typeof cluster === 'string' ? cluster : null }
  } finally {
    store.close()
  }
}

/** As the configuration has them now; no program of a project is executed for that. */
async function pricesOf(lab: Lab, word: string | null): Promise<Prices | null> {
  const named = word === null ? null : namedCluster(word)
  if (named === null) return null
  try {
    const { listClusters } = await import('./clusters.ts') // only where a cluster was
    const found = listClusters(lab).clusters.find(({ name }) => name === named.name)
    return found?.profile.kind === named.kind ? (found.profile.prices ?? null) : null
  } catch {
    return null // a broken configuration is in nobody's way who asks how far a run is
  }
}
