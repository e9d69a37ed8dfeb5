/** A Slurm cluster as it is named in a configuration. */
import type { Prices } from '../cloud/prices.ts'

/** What is asked of Slurm for each task; as in the options of sbatch. */
export interface SlurmWishes {
  readonly partition?: string
  readonly account?: string
  readonly qos?: string
  readonly constraint?: string
  /** Limit of a task, as sbatch writes it: minutes, H:MM:SS, D-HH:MM … */
  readonly time?: string
  /** Memory of a task, as sbatch writes it: 4G. */
  readonly memory?: string
  /** CPUs of a task; 1 when not given. */
  readonly cpus?: number
  /** Engines of a task; one per CPU when not given. */
  readonly engines?: number
  /** Further options of sbatch, each a word such as `--gres=gpu:1`. */
  readonly extra?: readonly string[]
  /** Tasks at once, pending or running; as many as the cluster takes when not given. */
  readonly maxTasks?: number
}

export interface SlurmProfile extends SlurmWishes {
  readonly kind: 'slurm'
  /** `local`, where sbatch is on this machine, or `ssh:NAME`: on the head of that cluster. `local` when not given. */
  readonly via?: string
  /** Folder that this machine (or the head) and all nodes see under the same path; `~/.cache/reprise` when not given. */
  readonly directory?: string
  /** Path of Node on the nodes; that of this machine, or of the head, when not given. */
  readonly node?: string
  /** How long a task is to take, seconds: 120 when not given. */
  readonly taskTime?: number
  readonly env?: Readonly<Record<string, string>>
  readonly prices?: Prices
}
