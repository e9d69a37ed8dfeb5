/** From the word that names a runner to the runner itself, with what must be closed after it. */
import { availableParallelism } from 'node:os'
import { RepriseError } from '../lib/errors.ts'
import type { HostTraffic } from '../runners/cluster.ts'
import { localLauncher } from '../runners/local.ts'
import { pool } from '../runners/pool.ts'
import type { Runner } from '../runners/runner.ts'
import type { Lab } from './lab.ts'
import type { Contact } from './reach.ts'

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
}

export interface ChosenRunner {
  readonly runner: Runner
  /** What went to and came from each host so far; nothing where engines are local. */
  traffic(): readonly HostTraffic[]
  /** Ends what is still alive. */
  close(): Promise<void>
}

/** The cluster that `ssh:NAME` names; null for what names none. */
export function clusterName(choice: string): string | null {
  return /^ssh:(.+)$/s.exec(choice)?.[1] ?? null
}

/**
 * The runner that `choice` names: `local`, or `ssh:NAME` for a cluster. Nothing is connected before it executes. Throws
 * `usage` for what is no runner, `not-found` for a cluster that is none.
 */
export async function runnerFor(
  lab: Lab,
  choice: string,
  options: RunnerOptions,
  contact: Contact = {},
): Promise<ChosenRunner> {
  if (choice === 'local') return localRunner(options)
  const name = clusterName(choice)
  if (name !== null) {
    const { clusterRunner } = await import('./cluster-runner.ts') // it loads all that speaks ssh
    return clusterRunner(lab, name, options, contact)
  }
  throw new RepriseError('usage', 'is no runner', {
    subject: `--runner ${choice.slice(0, 80)}`,
    remedy: 'Say local, or ssh:NAME with the name of a cluster (reprise cluster ls)',
  })
}

function localRunner({ engines = availableParallelism(), timeoutMs, node }: RunnerOptions): ChosenRunner {
  const launcher = localLauncher(node === undefined ? {} : { node })
  return {
    runner: pool(launcher, { engines, timeoutMs }),
    traffic: () => [],
    close: async () => launcher.close(),
  }
}
