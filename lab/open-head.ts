/** The head of a cluster, connected: its station, what it is asked, and who its workers are as it sees them. */
import { RepriseError } from '../lib/errors.ts'
import { Head } from '../runners/detached/head.ts'
import { cloudHeadProgram, headProgram } from '../runners/detached/program.ts'
import type { Station } from '../runners/station/station.ts'
import { CLUSTER_WORDS, clusterWord, namedCluster } from './cluster-word.ts'
import { type Cluster, clusterNotes, findCluster, isCloud } from './clusters.ts'
import type { Placement } from './hand-over.ts'
import type { Lab } from './lab.ts'
import { mannerOn } from './placement.ts'
import type { Contact } from './reach.ts'
import { type ReachingHead, reachHead } from './reach-head.ts'
import type { HostTraffic, RunnerOptions } from './runner-for.ts'

export interface OpenHead {
  readonly cluster: Cluster
  /** The cluster with its kind, such as `slurm:NAME`. */
  readonly runner: string
  /** By which people know it. */
  readonly host: string
  readonly head: Head
  readonly station: Station
  traffic(): readonly HostTraffic[]
  /** Where on this cluster a run is to go. */
  placement(options: RunnerOptions): Placement
  close(): Promise<void>
}

/** Connects to the head of the cluster that a word such as `slurm:lab` names. Throws RepriseError. */
export async function openHead(lab: Lab, runner: string, contact: Contact = {}): Promise<OpenHead> {
  const named = namedCluster(runner)
  if (named === null)
    throw new RepriseError('usage', 'names no cluster', {
      subject: runner.slice(0, 80),
      remedy: `Say ${CLUSTER_WORDS} (reprise cluster ls)`,
    })
  const found = await findCluster(lab, named.name, { kind: named.kind, tell: contact.tell })
  for (const note of clusterNotes(found)) contact.tell?.(note)
  return openHeadOf(lab, found, contact)
}

/** Connects to the head of a cluster. */
export async function openHeadOf(lab: Lab, cluster: Cluster, contact: ReachingHead = {}): Promise<OpenHead> {
  const runner = clusterWord({ kind: cluster.profile.kind, name: cluster.name })
  const reached = await reachHead(lab, cluster, contact)
  try {
    const station = await reached.open()
    const head = await headOn(station, isCloud(cluster.profile))
    return {
      cluster,
      runner,
      host: reached.name,
      head,
      station,
      traffic: () => (reached.away ? [{ host: reached.name, ...station.traffic }] : []),
      placement: (options) => ({ runner, ...mannerOn(cluster, options) }),
      async close() {
        await station.close()
        await reached.close()
      },
    }
  } catch (error) {
    await reached.close()
    throw error
  }
}

/** What a station's host is asked as a head; `clouds` it knows only where it is this machine. */
export function headOn(station: Station, clouds = false): Promise<Head> {
  return Head.open(station, clouds ? cloudHeadProgram() : headProgram())
}
