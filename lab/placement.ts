/** Where on a cluster a run that is handed over is to be executed, and how: by its hosts, or by tasks of its scheduler. */
import { RepriseError } from '../lib/errors.ts'
import type { Manner, SchedulerManner, WorkerHost } from '../runners/detached/submission.ts'
import type { SlurmProfile, SlurmWishes } from '../runners/slurm/profile.ts'
import { wordsFor } from '../runners/ssh/by-program.ts'
import type { SshHost, SshProfile } from '../runners/ssh/profile.ts'
import { type Cluster, isSsh, type SlurmCluster } from './clusters.ts'
import { headHost } from './reach-head.ts'
import type { RunnerOptions } from './runner-for.ts'
import { demandNoTaskTime } from './task-time.ts'

/** Seconds that a task takes where nobody says. */
export const TASK_TIME = 120

/** Throws `usage` for what such a cluster cannot be told. */
export function mannerOn(cluster: Cluster, options: RunnerOptions): Manner {
  if (!isSsh(cluster)) return taskManner(cluster as SlurmCluster, options)
  const { profile } = cluster
  const { engines, timeoutMs } = options
  demandNoTaskTime(options, `ssh:${cluster.name}`)
  const head = headHost(cluster)
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

function taskManner(
  { name, profile }: SlurmCluster,
  { engines, timeoutMs, taskTime }: RunnerOptions,
): Manner {
  demandTaskEngines(engines, `slurm:${name}`)
  const scheduler = schedulerManner(profile, taskTime)
  return { engines: null, timeoutMs, headEngines: 0, workers: [], env: profile.env ?? {}, scheduler }
}

/** Tasks as a profile has them; `taskTime`, s, in place of its own. */
export function schedulerManner(profile: SlurmProfile, taskTime?: number): SchedulerManner {
  return {
    kind: 'slurm',
    wishes: wishesOf(profile),
    node: profile.node ?? null,
    taskMs: (taskTime ?? profile.taskTime ?? TASK_TIME) * 1000,
    chunkMs: null,
  }
}

/** What is asked of Slurm for each task. */
function wishesOf(profile: SlurmProfile): SlurmWishes {
  const {
    kind: _kind,
    via: _via,
    directory: _directory,
    node: _node,
    taskTime: _taskTime,
    env: _env,
    ...wishes
  } = profile
  return wishes
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
