/** Where on a cluster a run that is handed over is to be executed, and how: by its hosts, or by tasks of its scheduler. */
import { resolve } from 'node:path'
import { RepriseError } from '../lib/errors.ts'
import type { Manner, SchedulerManner, WorkerHost } from '../runners/detached/submission.ts'
import { wordsFor } from '../runners/ssh/by-program.ts'
import type { SshHost, SshProfile } from '../runners/ssh/profile.ts'
import { fromHome } from '../runners/ssh/settings.ts'
import type { SchedulerProfile } from './check-config.ts'
import { clusterWord } from './cluster-word.ts'
import { type Cluster, isSsh, type SchedulerCluster } from './clusters.ts'
import { demandFixed } from './host-list.ts'
import { headHost } from './reach-head.ts'
import type { RunnerOptions } from './runner-for.ts'
import { demandNoTaskTime } from './task-time.ts'

/** Seconds that a task takes where nobody says. */
export const TASK_TIME = 120

/** Throws `usage` for what such a cluster cannot be told. */
export function mannerOn(cluster: Cluster, options: RunnerOptions): Manner {
  if (!isSsh(cluster)) return taskManner(cluster as SchedulerCluster, options)
  const fixed = demandFixed(cluster)
  const { profile } = fixed
  const { engines, timeoutMs } = options
  demandNoTaskTime(options, `ssh:${cluster.name}`)
  demandNoBudget(options)
  const head = headHost(fixed)
  const others = profile.hosts.filter((host) => host !== head && host.engines !== 0)
  return {
    engines: engines ?? null,
    timeoutMs,
    headEngines: head.engines ?? null,
    workers: others.map((host) => workerOf(profile, host)),
    env: profile.env ?? {},
  }
}

/** A worker by the name that the head's own ssh is given; what this machine's configuration makes of it is nobody's there. */
function workerOf(profile: SshProfile, host: SshHost): WorkerHost {
  const worker = {
    host: host.host,
    user: host.user ?? profile.user ?? null,
    port: host.port ?? profile.port ?? null,
    engines: host.engines ?? null,
    directory: host.directory ?? profile.directory ?? null,
    node: host.node ?? profile.node ?? null,
  }
  wordsFor(worker) // refuses odd names now, not there
  return worker
}

function taskManner({ name, profile }: SchedulerCluster, options: RunnerOptions): Manner {
  const { engines, timeoutMs } = options
  demandTaskEngines(engines, clusterWord({ kind: profile.kind, name }))
  const scheduler = schedulerManner(profile, options)
  return { engines: null, timeoutMs, headEngines: 0, workers: [], env: profile.env ?? {}, scheduler }
}

/** Tasks as a profile has them; `taskTime`, s, in place of its own. */
export function schedulerManner(
  { taskTime: usual, directory: _directory, env: _env, prices: _prices, ...profile }: SchedulerProfile,
  { taskTime, maxCoreHours }: Pick<RunnerOptions, 'taskTime' | 'maxCoreHours'> = {},
): SchedulerManner {
  const times = {
    taskMs: (taskTime ?? usual ?? TASK_TIME) * 1000,
    chunkMs: null,
    ...(maxCoreHours == null ? {} : { maxCoreHours }),
  }
  if (profile.kind === 'slurm') {
    const { kind, via: _via, node, ...wishes } = profile
    return { kind, wishes, node: node ?? null, ...times }
  }
  if (profile.kind === 'aws-batch') {
    const { kind, ...wishes } = profile
    return { kind, wishes, ...times }
  }
  const { kind, kubeconfig, ...wishes } = profile
  const path = kubeconfig === undefined ? {} : { kubeconfig: resolve(fromHome(kubeconfig)) }
  return { kind, wishes: { ...path, ...wishes }, ...times }
}

/** A head without a scheduler counts nothing. Throws `usage`. */
export function demandNoBudget({ maxCoreHours }: RunnerOptions): void {
  if (maxCoreHours == null) return
  throw new RepriseError('usage', 'is not counted by hosts that work without us', {
    subject: `--max-core-hours ${maxCoreHours}`,
    remedy: 'Leave out --detach; or let it take any: --max-core-hours none',
  })
}

/** Engines of tasks are the configuration's affair, since what is asked of Slurm for them must fit. */
export function demandTaskEngines(engines: number | undefined, runner: string): void {
  if (engines === undefined) return
  throw new RepriseError('usage', `each task on ${runner} has the engines that its configuration says`, {
    subject: '--engines',
    remedy:
      'Leave it out; in the configuration "cpus" and "engines" are those of a task, "maxTasks" tasks at once',
  })
}
