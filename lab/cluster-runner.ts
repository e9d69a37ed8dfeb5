/** The runner whose engines are on the hosts of a cluster. Apart from runner-for.ts, so that whoever stays at home loads no ssh. */
import { clusterLauncher } from '../runners/cluster.ts'
import { pool } from '../runners/pool.ts'
import { clusterWord } from './cluster-word.ts'
import { clusterNotes, findSshCluster } from './clusters.ts'
import { hostWords } from './host-words.ts'
import type { Lab } from './lab.ts'
import { type Contact, reach } from './reach.ts'
import type { ChosenRunner, RunnerOptions } from './runner-for.ts'

/** More engines than this on one host are no host. */
const MOST_ON_A_HOST = 1_024

/** The runner on the cluster of that name. Nothing is connected before it executes. Throws `not-found` for one that is none. */
export async function clusterRunner(
  lab: Lab,
  name: string,
  options: RunnerOptions,
  contact: Contact,
): Promise<ChosenRunner> {
  const { engines: asked, timeoutMs, maxCoreHours } = options
  const cluster = await findSshCluster(lab, name, { tell: contact.tell })
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
    runner: { ...runner, engines: asked ?? sum(1), cluster: clusterWord({ kind: 'ssh', name }) },
    maxCoreHours,
    traffic: () => launcher.traffic(),
    async close() {
      await launcher.close()
      await reached.close()
    },
  }
}
