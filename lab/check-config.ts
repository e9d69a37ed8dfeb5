/**
 * Whether a configuration holds what it may. What a project's own file may say is less than what the user's may (see
 * config.ts for why).
 */
import { RepriseError } from '../lib/errors.ts'
import type { SlurmProfile } from '../runners/slurm/profile.ts'
import { type AskedProfile, isAsked, type SshHost, type SshProfile } from '../runners/ssh/profile.ts'
import { checkHosts } from './check-hosts.ts'
import { demand } from './check-schema.ts'
import { checkSlurm } from './check-slurm.ts'
import { CLUSTER_SCHEMAS, type ClusterKind, CONFIG_SCHEMA } from './config-schema.ts'

export type ClusterProfile = SshProfile | AskedProfile | SlurmProfile

/** Whose a configuration is: it came with the project, or the user wrote it for themselves. */
export type ConfigOwner = 'project' | 'user'

/** Fields by which a file could have ssh run programs, or trust hosts, on behalf of whoever wrote it. */
const USERS_OWN = ['config', 'knownHosts'] as const
/** Fields by which it could have any program of a host's executed, or any folder there used as Reprise's own. */
const ON_HOSTS = ['node', 'directory'] as const
/** Variables that make a program load other code than its own, or another program be found, or Slurm's programs do something else. */
const LOADS_CODE =
  /^(PATH|HOME|SHELL|IFS|TMPDIR|GCONV_PATH|NODE_.*|BASH_.*|ENV|LD_.*|DYLD_.*|(OPENSSL|SSL|MUNGE|XDG)_.*|(SLURM|SBATCH|SRUN|SQUEUE|SACCT|SCANCEL)_.*)$/

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
    else checkSlurm(profile, file, place)
    if (owner === 'project') checkForeign(profile, file, place)
    checked.set(name, profile)
  }
  return checked
}

function checkForeign(profile: ClusterProfile, file: string, place: string): void {
  const refuse = (where: string, what: string) => refuseForeign(file, where, what)
  if (profile.kind === 'ssh') {
    for (const field of USERS_OWN)
      if (profile[field] !== undefined) refuse(`${place}.${field}`, 'whom your ssh trusts, or what it runs')
  } else if (profile.extra !== undefined) refuse(`${place}.extra`, 'which options sbatch is given')
  const hosts = profile.kind === 'ssh' && !isAsked(profile) ? profile.hosts : []
  const places = [
    [place, profile],
    ...hosts.map((host, i) => [`${place}.hosts[${i}]`, host] as const),
  ] as const
  for (const [at, said] of places) demandNoPaths(said, file, at)
  const loads = Object.keys(profile.env ?? {}).find((name) => LOADS_CODE.test(name))
  if (loads === undefined) return
  throw new RepriseError('refused', 'a project may not make programs load other code than their own', {
    subject: `${file}: ${place}.env.${loads}`,
    remedy: 'Leave it out, or put this cluster into your own configuration (reprise cluster add)',
  })
}

/** Throws `refused` for a host, or what all have in common, with paths that a project may not say. */
export function demandNoPaths(said: Partial<SshHost>, file: string, place: string): void {
  const what = 'which program is executed on your hosts, or which folder is written to'
  for (const field of ON_HOSTS) if (said[field] !== undefined) refuseForeign(file, `${place}.${field}`, what)
}

function refuseForeign(file: string, where: string, what: string): never {
  throw new RepriseError('refused', `a project may not say ${what}`, {
    subject: `${file}: ${where}`,
    remedy:
      'Put this cluster into your own configuration (reprise cluster add), or the setting into ~/.ssh/config',
  })
}
