/**
 * Whether a configuration holds what it may. What a project's own file may say is less than what the user's may (see
 * config.ts for why).
 */
import type { BatchProfile } from '../runners/aws-batch/profile.ts'
import type { KubernetesProfile } from '../runners/kubernetes/profile.ts'
import type { SlurmProfile } from '../runners/slurm/profile.ts'
import type { AskedProfile, SshProfile } from '../runners/ssh/profile.ts'
import { checkCloud } from './check-cloud.ts'
import { checkForeign } from './check-foreign.ts'
import { checkHosts } from './check-hosts.ts'
import { demand } from './check-schema.ts'
import { checkSlurm } from './check-slurm.ts'
import { CLUSTER_SCHEMAS, type ClusterKind, CONFIG_SCHEMA } from './config-schema.ts'

/** Clusters of a scheduler, to which a run is handed over whole. */
export type SchedulerProfile = SlurmProfile | CloudProfile
/** Those that start containers, with an object store between. */
export type CloudProfile = KubernetesProfile | BatchProfile
export type ClusterProfile = SshProfile | AskedProfile | SchedulerProfile

/** Whose a configuration is: it came with the project, or the user wrote it for themselves. */
export type ConfigOwner = 'project' | 'user'

/** The clusters of a configuration file's content, by name. Throws `usage`, or `refused` for what a project may not say. */
export function checkConfig(json: unknown, file: string, owner: ConfigOwner): Map<string, ClusterProfile> {
  demand(CONFIG_SCHEMA, json, file, '')
  const { clusters = {} } = json as { clusters?: Record<string, { kind: ClusterKind }> }
  const checked = new Map<string, ClusterProfile>()
  for (const [name, cluster] of Object.entries(clusters)) {
    const place = `clusters.${name}`
    demand(CLUSTER_SCHEMAS[cluster.kind], cluster, file, place)
    const profile = cluster as ClusterProfile
    if (profile.kind === 'ssh') checkHosts(profile, file, place)
    else if (profile.kind === 'slurm') checkSlurm(profile, file, place)
    else checkCloud(profile, file, place)
    if (owner === 'project') checkForeign(profile, file, place)
    checked.set(name, profile)
  }
  return checked
}
