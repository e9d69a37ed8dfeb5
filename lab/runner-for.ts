/** From the word that names a runner to the runner itself, with what must be closed after it. */
import { availableParallelism } from 'node:os'
import { RepriseError } from '../lib/errors.ts'
import type { HostTraffic } from '../runners/cluster.ts'
import { localLauncher } from '../runners/local.ts'
import { pool } from '../runners/pool.ts'
import type { Runner } from '../runners/runner.ts'
import { CLUSTER_WORDS, namedCluster } from './cluster-word.ts'
import type { Lab } from './lab.ts'
import type { Contact } from './reach.ts'
import { demandNoTaskTime } from './task-time.ts'

export type { HostTraffic } from '../runners/cluster.ts'
export type { Contact } from './reach.ts'

/** How many engines there are to be, and how they are to run. */
export interface RunnerOptions {
  /** All that the runner has when not given. */
  readonly engines?: number
  /** Longest time for one job, ms; null for any. */
  readonly timeoutMs: number | null
  /** Path of the Node for the engines; this process's own when not given. Only where engines are local. */
  readonly node?: string
  /** How long a task of a scheduler is to take, seconds; what its configuration says when not given. */
  readonly taskTime?: number
  /** The run is to be handed over: hosts that come and go cannot go on without us. */
  readonly detach?: boolean
  /** Core-hours that the run may take in all; then it stops, and can be resumed. Null for any; what was said before when not given. */
  readonly maxCoreHours?: number | null
}

export interface ChosenRunner {
  readonly runner: Runner
  /** As it was asked for. */
  readonly maxCoreHours?: number | null | undefined
  /** What went to and came from each host so far; nothing where engines are local. */
  traffic(): readonly HostTraffic[]
  /** Ends what is still alive. */
  close(): Promise<void>
}

/**
 * The runner that `choice` names: `local`, or `ssh:NAME` for a cluster. Nothing is connected before it executes. Throws
 * `usage` for what is no runner that works while we do, `not-found` for a cluster that is none.
 */
export async function runnerFor(
  lab: Lab,
  choice: string,
  options: RunnerOptions,
  contact: Contact = {},
): Promise<ChosenRunner> {
  demandNoTaskTime(options, choice)
  if (choice === 'local') return localRunner(options)
  const named = namedCluster(choice)
  if (named?.kind === 'ssh') {
    const { clusterRunner } = await import('./cluster-runner.ts') // it loads all that speaks ssh
    return clusterRunner(lab, named.name, options, contact)
  }
  throw new RepriseError('usage', 'is no runner', {
    subject: `--runner ${choice.slice(0, 80)}`,
    remedy: `Say local, ${CLUSTER_WORDS}, with the name of a cluster (reprise cluster ls)`,
  })
}

function localRunner({
  engines = availableParallelism(),
  timeoutMs,
  node,
  maxCoreHours,
}: RunnerOptions): ChosenRunner {
  const launcher = localLauncher(node === undefined ? {} : { node })
  return {
    runner: pool(launcher, { engines, timeoutMs }),
    maxCoreHours,
    traffic: () => [],
    close: async () => launcher.close(),
  }
}
