/**
 * Where the engines of a run are to be, as far as that is known without asking anybody there: from the word that names a
 * runner, and the configuration.
 */
import { availableParallelism, totalmem } from 'node:os'
import { RepriseError } from '../lib/errors.ts'
import type { SlurmProfile } from '../runners/slurm/profile.ts'
import type { SshProfile } from '../runners/ssh/profile.ts'
import { namedCluster } from './cluster-word.ts'
import { clusterNotes, findCluster, isSsh } from './clusters.ts'
import { settled } from './host-list.ts'
import type { Lab } from './lab.ts'
import { TASK_TIME } from './placement.ts'
import { hostNames } from './reach.ts'
import { demandNoTaskTime } from './task-time.ts'

export interface LocalPlace {
  readonly kind: 'local'
  /** Engines at once. */
  readonly engines: number
  /** Of this machine. */
  readonly memoryBytes: number
}

export interface SshPlace {
  readonly kind: 'ssh'
  /** Engines at once: those that the configuration counts, and one for each host whose cores it does not say. */
  readonly engines: number
  /** Hosts with engines. */
  readonly hosts: number
  /** Names of hosts whose number of engines is not known before they are reached. */
  readonly unknown: readonly string[]
}

export interface SlurmPlace {
  readonly kind: 'slurm'
  /** Engines of one task. */
  readonly engines: number
  readonly cpus: number
  /** How long a task is to take, ms. */
  readonly taskMs: number
  /** Tasks at once; null where nothing limits them but the cluster. */
  readonly atOnce: number | null
  /** Where sbatch is: `local`, or `ssh:NAME`. */
  readonly via: string
  /** Folders that are sent anything: the one that all nodes see. */
  readonly hosts: 1
  /** Limits of a task as the profile has them, in the words of sbatch; null where the cluster decides. */
  readonly memory: string | null
  readonly time: string | null
}

export type Place = LocalPlace | SshPlace | SlurmPlace

export interface Wanted {
  /** Engines at once in all; as many as there are when not given. Of a scheduler: as many as it is expected to give. */
  readonly engines?: number
  /** How long a task is to take, seconds. */
  readonly taskTime?: number
}

/** The place that `choice` names. Throws `usage` for what is no runner, `not-found` for a cluster that is none. */
export async function placeFor(
  lab: Lab,
  choice: string,
  wanted: Wanted,
  tell?: (line: string) => void,
): Promise<Place> {
  const named = namedCluster(choice)
  if (named?.kind !== 'slurm') demandNoTaskTime(wanted, choice.slice(0, 80))
  if (choice === 'local') {
    const { engines = availableParallelism() } = wanted
    return { kind: 'local', engines, memoryBytes: totalmem() }
  }
  if (named !== null) {
    const cluster = await findCluster(lab, named.name, { tell, kind: named.kind })
    for (const note of clusterNotes(cluster)) tell?.(note)
    if (isSsh(cluster)) return sshPlace((await settled(cluster, { tell })).profile, wanted)
    return slurmPlace(cluster.profile as SlurmProfile, wanted)
  }
  throw new RepriseError('usage', 'is no runner', {
    subject: `--runner ${choice.slice(0, 80)}`,
    remedy: 'Say local, ssh:NAME or slurm:NAME, with the name of a cluster (reprise cluster ls)',
  })
}

export function sshPlace(profile: SshProfile, { engines: asked }: Wanted): SshPlace {
  const names = hostNames(profile)
  const used = profile.hosts.flatMap(({ engines }, i) =>
    engines === 0 ? [] : [{ name: names[i]!, engines: engines ?? null }],
  )
  const unknown = used.filter(({ engines }) => engines === null).map(({ name }) => name)
  const known = Math.max(
    1, // where no machine is there now: one that comes has room for one at least
    used.reduce((sum, { engines }) => sum + (engines ?? 1), 0),
  )
  // Whoever asks for more than is known to be there knows more of the hosts than we.
  const engines = asked === undefined ? known : unknown.length > 0 ? asked : Math.min(asked, known)
  return {
    kind: 'ssh',
    engines,
    hosts: Math.max(1, used.length),
    unknown: asked === undefined ? unknown : [],
  }
}

export function slurmPlace(profile: SlurmProfile, { engines: asked, taskTime: wished }: Wanted): SlurmPlace {
  const { via = 'local', maxTasks, memory = null, time = null, taskTime } = profile
  const cpus = profile.cpus ?? 1
  const engines = profile.engines ?? cpus
  const tasks = asked === undefined ? null : Math.max(1, Math.floor(asked / engines))
  const limits = [tasks, maxTasks ?? null].filter((limit) => limit !== null)
  return {
    kind: 'slurm',
    engines,
    cpus,
    taskMs: 1000 * (wished ?? taskTime ?? TASK_TIME),
    atOnce: limits.length === 0 ? null : Math.min(...limits),
    via,
    hosts: 1,
    memory,
    time,
  }
}
