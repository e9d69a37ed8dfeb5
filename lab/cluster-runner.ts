/** The runner whose engines are on the hosts of a cluster. Apart from runner-for.ts, so that whoever stays at home loads no ssh. */
import { type ClusterHost, clusterLauncher } from '../runners/cluster.ts'
import { pool } from '../runners/pool.ts'
import { writtenAddress } from '../runners/ssh/address.ts'
import type { AskedProfile } from '../runners/ssh/profile.ts'
import { clusterWord } from './cluster-word.ts'
import { type Cluster, clusterNotes, findSshCluster } from './clusters.ts'
import { askHosts, demandFixed, isAskedCluster, settled } from './host-list.ts'
import { hostWords } from './host-words.ts'
import type { Lab } from './lab.ts'
import { demandNoBudget } from './placement.ts'
import { type Contact, type Reached, type ReachedHost, reach } from './reach.ts'
import type { ChosenRunner, RunnerOptions } from './runner-for.ts'

/** More engines than this on one host are no host. */
const MOST_ON_A_HOST = 1_024

const EVERY_S = 30
const WAIT_S = 900
/** A machine that is new to the list may still be starting for this long, ms. */
const BOOT_MS = 10 * 60_000

/** One with none may lead detached runs. */
const hasRoom = ({ host }: ReachedHost) => host.engines !== 0

function clusterHost({ name, host: { engines }, open }: ReachedHost): ClusterHost {
  return { name, open, ...(engines === undefined ? {} : { engines }) }
}

/** One that may be starting, whose address may have been another machine's, and whose name must not depend on the others. */
function newcomer(reached: ReachedHost): ClusterHost {
  const { host, port, user, engines, directory, node, hostKey } = reached.host
  const meant = JSON.stringify([host, port, user, engines, directory, node, hostKey])
  return { ...clusterHost(reached), name: writtenAddress(reached.host), meant, bootMs: BOOT_MS }
}

function comingAndGoing(cluster: Cluster<AskedProfile>, reached: Reached) {
  const { every = EVERY_S, wait = WAIT_S } = cluster.profile.hosts
  const ask = async (signal: AbortSignal) =>
    reached
      .others(await askHosts(cluster, signal))
      .filter(hasRoom)
      .map(newcomer)
  return { listing: { ask, everyMs: every * 1000 }, patienceMs: wait * 1000 }
}

/** The runner on the cluster of that name. Nothing is connected before it executes. Throws `not-found` for one that is none. */
export async function clusterRunner(
  lab: Lab,
  name: string,
  options: RunnerOptions,
  contact: Contact,
): Promise<ChosenRunner> {
  const { engines: asked, timeoutMs, maxCoreHours, detach = false } = options
  const named = await findSshCluster(lab, name, { tell: contact.tell })
  for (const note of clusterNotes(named)) contact.tell?.(note)
  if (detach) demandNoBudget(options)
  const cluster = detach ? demandFixed(named) : await settled(named, { tell: contact.tell })
  const reached = reach(cluster, contact)
  const used = reached.hosts.filter(hasRoom)
  const asks = isAskedCluster(named)
  const launcher = clusterLauncher(used.map(asks ? newcomer : clusterHost), {
    tell: (event) => contact.tell?.(hostWords(event)),
    ...(asks ? comingAndGoing(named, reached) : {}),
  })
  const sum = (unknown: number) => used.reduce((n, { host }) => n + (host.engines ?? unknown), 0)
  const room = asks ? Number.POSITIVE_INFINITY : sum(MOST_ON_A_HOST)
  const runner = pool(launcher, { engines: Math.min(asked ?? Number.POSITIVE_INFINITY, room), timeoutMs })
  return {
    // How many cores a host has is not known before it is there: of such a host one engine is counted.
    runner: { ...runner, engines: asked ?? Math.max(1, sum(1)), cluster: clusterWord({ kind: 'ssh', name }) },
    maxCoreHours,
    traffic: () => launcher.traffic(),
    async close() {
      await launcher.close()
      await reached.close()
    },
  }
}
