/** The Slurm job that this process belongs to: what places the execution, nothing about who asked for it. */

export interface SlurmJob {
  readonly job: string
  readonly arrayJob?: string
  readonly arrayTask?: string
  readonly partition?: string
  readonly cluster?: string
  readonly nodeCount?: string
  /** In older manifests: the list of nodes as Slurm writes it. Not recorded any more, for it names machines. */
  readonly nodes?: string
  readonly tasks?: string
  readonly cpusPerTask?: string
}

/** Where each is told. Account, user, names of nodes, working and submit folders are left out on purpose. */
const TOLD = {
  job: 'SLURM_JOB_ID',
  arrayJob: 'SLURM_ARRAY_JOB_ID',
  arrayTask: 'SLURM_ARRAY_TASK_ID',
  partition: 'SLURM_JOB_PARTITION',
  cluster: 'SLURM_CLUSTER_NAME',
  nodeCount: 'SLURM_JOB_NUM_NODES',
  tasks: 'SLURM_NTASKS',
  cpusPerTask: 'SLURM_CPUS_PER_TASK',
} as const

/** The job that the variables name; null where they name none. */
export function slurmHere(env: Readonly<Record<string, string | undefined>> = process.env): SlurmJob | null {
  const told = Object.entries(TOLD).flatMap(([key, name]) => {
    const value = env[name]
    return value !== undefined && /^[\w.,:[\]-]{1,300}$/.test(value) ? [[key, value]] : []
  })
  const job = Object.fromEntries(told) as Partial<SlurmJob>
  return job.job === undefined ? null : { ...job, job: job.job }
}
