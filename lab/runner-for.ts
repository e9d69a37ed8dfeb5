/** From the word that names a runner to the runner itself, with what must be closed after it. */
import { availableParallelism } from 'node:os'
import { RepriseError } from '../lib/errors.ts'
import { clusterLauncher, type HostTraffic } from '../runners/cluster.ts'
import { localLauncher } from '../runners/local.ts'
import { pool } from '../runners/pool.ts'
import type { Runner } from '../runners/runner.ts'
import { namedCluster } from './cluster-word.ts'
import { clusterNotes, findSshCluster, type SshCluster } from './clusters.ts'
import { hostWords } from './host-words.ts'
import type { Lab } from './lab.ts'
import { demandNoTaskTime } from './placement.ts'
import { type Contact, reach } from './reach.ts'

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
}

export interface ChosenRunner {
  readonly runner: Runner
  /** What went to and came from each host so far; nothing where engines are local. */
  traffic(): readonly HostTraffic[]
  /** Ends what is still alive. */
  close(): Promise<void>
}

/** More engines than this on one host are no host. */
const MOST_ON_A_HOST = 1_024

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
  if (named?.kind === 'ssh')
    return clusterRunner(await findSshCluster(lab, named.name, { tell: contact.tell }), options, contact)
  throw new RepriseError('usage', 'is no runner', {
    subject: `--runner ${choice.slice(0, 80)}`,
    remedy: 'Say local, ssh:NAME or slurm:NAME, with the name of a cluster (reprise cluster ls)',
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

function clusterRunner(cluster: SshCluster, options: RunnerOptions, contact: Contact): ChosenRunner {
  const { engines: asked, timeoutMs } = options
  for (const note of clusterNotes(cluster)) contact.tell?.(note)
  const reached = reach(cluster, contact)
  const used = reached.hosts.filter(({ host }) => host.engines !== 0) // one with none may lead detached runs
  const launcher = clusterLauncher(
    used.map(({ name, host: { engines }, open }) => ({
      name,
      open,
      ...(engines === undefined ? {} : { engines }),
    })),
    { tell: (event) => contact.tell?.(hostWords(event)) },
  )
  const sum = (unknown: number) => used.reduce((n, { host }) => n + (host.engines ?? unknown), 0)
  const runner = pool(launcher, {
    engines: Math.min(asked ?? Number.POSITIVE_INFINITY, sum(MOST_ON_A_HOST)),
    timeoutMs,
  })
  return {
    // How many cores a host has is not known before it is there: of such a host one engine is counted.
    runner: { ...runner, engines: asked ?? sum(1) },
    traffic: () => launcher.traffic(),
    async close() {
      await launcher.close()
      await reached.close()
    },
  }
}
