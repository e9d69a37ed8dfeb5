/**
 * Clusters as people name them where a runner is meant: `ssh:NAME`, hosts that are reached by ssh; `slurm:NAME`, `kubernetes:NAME`
 * or `aws-batch:NAME`, a scheduler.
 */
import { CLUSTER_SCHEMAS, type ClusterKind } from './config-schema.ts'

export interface NamedCluster {
  readonly kind: ClusterKind
  readonly name: string
}

/** Kinds of clusters to which a run is always handed over whole. */
export type SchedulerKind = Exclude<ClusterKind, 'ssh'>

/** The words that name a cluster, for whoever said something else. */
export const CLUSTER_WORDS = 'ssh:NAME, slurm:NAME, kubernetes:NAME or aws-batch:NAME'

/** The cluster that a word names; null for a word that names none. */
export function namedCluster(word: string): NamedCluster | null {
  const [, kind, name] = /^([a-z]+(?:-[a-z]+)*):(.+)$/s.exec(word) ?? []
  if (kind === undefined || name === undefined || !Object.hasOwn(CLUSTER_SCHEMAS, kind)) return null
  return { kind: kind as ClusterKind, name }
}

export function clusterWord({ kind, name }: NamedCluster): string {
  return `${kind}:${name}`
}

/** Whether clusters of the kind have a scheduler. */
export function schedules(kind: ClusterKind): kind is SchedulerKind {
  return kind !== 'ssh'
}

/** Whether the word names the cluster of a scheduler, to which a run is always handed over whole. */
export function isScheduler(word: string | undefined): boolean {
  const named = word === undefined ? null : namedCluster(word)
  return named !== null && schedules(named.kind)
}
