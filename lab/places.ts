/**
 * Where the engines of a run are to be, as far as that is known without asking anybody there: from the word that names a
 * runner, and the configuration.
 */
import { availableParallelism, totalmem } from 'node:os'
import { RepriseError } from '../lib/errors.ts'
import type { Prices } from '../runners/cloud/prices.ts'
import { taskCores, taskEngines } from '../runners/detached/task-engines.ts'
import { amountOf } from '../runners/kubernetes/amounts.ts'
import { timeLimitMs } from '../runners/slurm/time-limit.ts'
import type { SshProfile } from '../runners/ssh/profile.ts'
import type { SchedulerProfile } from './check-config.ts'
import { CLUSTER_WORDS, isScheduler, namedCluster, type SchedulerKind } from './cluster-word.ts'
import { clusterNotes, findCluster, isSsh, type SchedulerCluster } from './clusters.ts'
import { settled } from './host-list.ts'
import type { Lab } from './lab.ts'
import { memoryLimit } from './memory-limit.ts'
import { schedulerManner, TASK_TIME } from './placement.ts'
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

export interface TaskPlace {
  readonly kind: SchedulerKind
  /** Engines of one task. */
  readonly engines: number
  /** Cores of one task, such as are paid for; of Kubernetes perhaps a part of one. */
  readonly cpus: number
  /** How long a task is to take, ms. */
  readonly taskMs: number
  /** Tasks at once; null where nothing limits them but the cluster. */
  readonly atOnce: number | null
  /** Tasks in one array where nothing else is configured. The cluster has the last word. */
  readonly usualArray: number
  /** Where what tasks need is put, in words. */
  readonly sentTo: string
  /** Places that are sent anything: a folder that all nodes see, or a bucket. */
  readonly hosts: 1
  /** Limits of a task, bytes and ms; null where the cluster decides. */
  readonly memoryBytes: number | null
  readonly limitMs: number | null
}

export type Place = (LocalPlace | SshPlace | TaskPlace) & { readonly prices?: Prices }

/** Whether a scheduler's tasks are the place. */
export function hasTasks(place: Place): place is TaskPlace & { readonly prices?: Prices } {
  return place.kind !== 'local' && place.kind !== 'ssh'
}

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
  if (!isScheduler(choice)) demandNoTaskTime(wanted, choice.slice(0, 80))
  if (choice === 'local') {
    const { engines = availableParallelism() } = wanted
    return { kind: 'local', engines, memoryBytes: totalmem() }
  }
  if (named !== null) {
    const cluster = await findCluster(lab, named.name, { tell, kind: named.kind })
    for (const note of clusterNotes(cluster)) tell?.(note)
    const { profile } = cluster
    const place = isSsh(cluster)
      ? sshPlace((await settled(cluster, { tell })).profile, wanted)
      : taskPlace((cluster as SchedulerCluster).profile, wanted)
    return profile.prices === undefined ? place : { ...place, prices: profile.prices }
  }
  throw new RepriseError('usage', 'is no runner', {
    subject: `--runner ${choice.slice(0, 80)}`,
    remedy: `Say local, ${CLUSTER_WORDS}, with the name of a cluster (reprise cluster ls)`,
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

export function taskPlace(profile: SchedulerProfile, { engines: asked, taskTime }: Wanted): TaskPlace {
  const { kind, maxTasks } = profile
  const manner = schedulerManner(profile)
  const [engines, cpus] = [taskEngines(manner), taskCores(manner)]
  const tasks = asked === undefined ? null : Math.max(1, Math.floor(asked / engines))
  const limits = [tasks, maxTasks ?? null].filter((limit) => limit !== null)
  return {
    ...{ kind, engines, cpus },
    taskMs: 1000 * (taskTime ?? profile.taskTime ?? TASK_TIME),
    atOnce: limits.length === 0 ? null : Math.min(...limits),
    hosts: 1,
    ...limitsOf(profile),
  }
}

type Limits = Pick<TaskPlace, 'usualArray' | 'sentTo' | 'memoryBytes' | 'limitMs'>

function limitsOf(profile: SchedulerProfile): Limits {
  if (profile.kind === 'slurm') {
    const { via = 'local', memory, time } = profile
    return {
      usualArray: 1_001, // MaxArraySize where nobody has set it
      sentTo: via === 'local' ? 'into the folder that the nodes see' : `to ${via}`,
      memoryBytes: memory === undefined ? null : memoryLimit(memory),
      limitMs: time === undefined ? null : timeLimitMs(time),
    }
  }
  const cloud = { usualArray: 10_000, sentTo: `into the bucket ${profile.store.bucket}`, limitMs: null }
  if (profile.kind === 'aws-batch') return { ...cloud, memoryBytes: (profile.memory ?? 2_048) * 2 ** 20 }
  const { memory } = profile.resources?.limits ?? {}
  return { ...cloud, memoryBytes: memory === undefined ? null : amountOf(memory) }
}
