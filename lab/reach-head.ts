/**
 * The head of a cluster as it is reached: the host that leads what is handed over. Of an ssh cluster it is one of its hosts;
 * of a Slurm cluster the machine that has sbatch, which is this one or the head of an ssh cluster; of one that is asked by its API,
 * always this one.
 */
import { RepriseError } from '../lib/errors.ts'
import { headEnvironment } from '../runners/cloud/head-environment.ts'
import type { SshHost, SshProfile } from '../runners/ssh/profile.ts'
import { openStation, type StationOptions } from '../runners/station/open.ts'
import { shellHere } from '../runners/station/shell-here.ts'
import type { Station } from '../runners/station/station.ts'
import {
  type Cluster,
  clusterNotes,
  findSshCluster,
  isSsh,
  type SchedulerCluster,
  type SshCluster,
} from './clusters.ts'
import { demandFixed } from './host-list.ts'
import type { Lab } from './lab.ts'
import { type Contact, reach } from './reach.ts'

export interface ReachedHead {
  /** By which people know it. */
  readonly name: string
  /** Whether what is sent to it leaves this machine. */
  readonly away: boolean
  /** Connects and opens a station there. Throws RepriseError. */
  open(): Promise<Station>
  /** Ends all connections. */
  close(): Promise<void>
}

export interface ReachingHead extends Contact {
  /** Whether a project's program may be executed to find an ssh cluster that a Slurm cluster is reached by. */
  readonly execute?: boolean
}

const HERE = 'this machine'
const VIA = /^ssh:(.+)$/s

/** Nothing is connected before `open`. Throws `not-found`, `usage`. */
export async function reachHead(lab: Lab, cluster: Cluster, asking: ReachingHead = {}): Promise<ReachedHead> {
  if (isSsh(cluster)) return headOf(demandFixed(cluster), {}, asking)
  const { profile } = cluster as SchedulerCluster
  const { directory, env } = profile
  const { node, via = 'local' } = profile.kind === 'slurm' ? profile : {}
  const cloud = profile.kind === 'slurm' ? {} : { env: headEnvironment(process.env) } // and none of what engines are given
  const own = { ...(directory === undefined ? {} : { directory }), ...(env === undefined ? {} : { env }) }
  const through = VIA.exec(via)?.[1]
  if (through === undefined) {
    return {
      name: HERE,
      away: false,
      open: () => openStation(shellHere(), { ...own, ...cloud, node: process.execPath }),
      close: async () => {},
    }
  }
  const { execute, tell } = asking
  const named = await findSshCluster(lab, through, { tell, ...(execute === undefined ? {} : { execute }) })
  for (const note of clusterNotes(named)) tell?.(note)
  const found = demandFixed(named)
  return headOf(found, { ...own, ...(node === undefined ? {} : { node }) }, asking)
}

/** The host of an ssh cluster that leads. */
export function headHost({ name, profile }: SshCluster): SshHost {
  const host = headIn(profile)
  if (host !== undefined) return host
  throw new RepriseError('usage', `has the head ${profile.head}, which is none of its hosts`, {
    subject: `cluster ${name}`,
    remedy: 'Let "head" be the name of one of "hosts"; with "engines": 0 it executes nothing itself',
  })
}

function headIn({ head, hosts }: SshProfile): SshHost | undefined {
  return head === undefined ? hosts[0] : hosts.find(({ host }) => host === head)
}

function headOf(cluster: SshCluster, more: StationOptions, contact: Contact): ReachedHead {
  const host = headHost(cluster)
  const reached = reach(cluster, contact, more)
  const own = reached.hosts.find((each) => each.host === host)!
  return { name: own.name, away: true, open: () => own.open(), close: () => reached.close() }
}
