/** Clusters as people name them where a runner is meant: `ssh:NAME`, hosts that are reached by ssh; `slurm:NAME`, a scheduler. */
import { CLUSTER_SCHEMAS, type ClusterKind } from './config-schema.ts'

export interface NamedCluster {
  readonly kind: ClusterKind
  readonly name: string
}

/** The cluster that a word names; null for a word that names none. */
export function namedCluster(word: string): NamedCluster | null {
  const [, kind, name] = /^([a-z]+):(.+)$/s.exec(word) ?? []
  if (kind === undefined || name === undefined || !Object.hasOwn(CLUSTER_SCHEMAS, kind)) return null
  return { kind: kind as ClusterKind, name }
}

export function clusterWord({ kind, name }: NamedCluster): string {
  return `${kind}:${name}`
}

/** Whether the word names the cluster of a scheduler, to which a run is always handed over whole. */
export function isScheduler(word: string | undefined): boolean {
  return word !== undefined && namedCluster(word)?.kind === 'slurm'
}
