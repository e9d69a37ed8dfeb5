/** Clusters by name, from the user's own configuration and the project's: the user's come first. */
import { RepriseError } from '../lib/errors.ts'
import type { AskedProfile, SshProfile } from '../runners/ssh/profile.ts'
import type { CloudProfile, ClusterProfile, ConfigOwner, SchedulerProfile } from './check-config.ts'
import { namedCluster } from './cluster-word.ts'
import { type Config, executeProgram, readConfigs, shownPath } from './config.ts'
import type { ClusterKind } from './config-schema.ts'
import type { Lab } from './lab.ts'

export interface Cluster<P extends ClusterProfile = ClusterProfile> {
  readonly name: string
  readonly profile: P
  readonly owner: ConfigOwner
  /** The file that names it. */
  readonly path: string
  /** The file whose cluster of the same name it stands before; null where there is none. */
  readonly hides: string | null
}

/** One whose hosts are known. */
export type SshCluster = Cluster<SshProfile>
export type SchedulerCluster = Cluster<SchedulerProfile>

/** Reached by ssh; which hosts it has, a program may have to say first, see host-list.ts. */
export function isSsh(cluster: Cluster): cluster is Cluster<SshProfile | AskedProfile> {
  return cluster.profile.kind === 'ssh'
}

/** Whether a scheduler takes the whole run. */
export function isScheduled(cluster: Cluster): cluster is SchedulerCluster {
  return !isSsh(cluster)
}

/** Whether there is an object store between; then this machine is the head. */
export function isCloud(profile: ClusterProfile): profile is CloudProfile {
  return 'store' in profile
}

/** Every cluster that is known without executing anything; `program` is a project's program that may name more. */
export function listClusters(lab: Lab): { clusters: Cluster[]; program: string | null } {
  const { configs, program } = readConfigs(lab)
  return { clusters: clustersOf(configs), program }
}

export interface Finding {
  /** Told before a project's program is executed. */
  readonly tell?: ((line: string) => void) | undefined
  /** Whether it may be executed at all: what trusts a key or removes files does not do it. */
  readonly execute?: boolean
  /** Of which kind it is to be; of any when not given. */
  readonly kind?: ClusterKind
}

/**
 * The cluster of that name, which may be said with its kind, as for a runner. A project's program is executed only where no plain file names it. Throws `not-found`, `usage` for
 * one of another kind, and `refused` where it could be found only by executing what may not be.
 */
export async function findCluster(lab: Lab, word: string, asked: Finding = {}): Promise<Cluster> {
  const named = namedCluster(word)
  const name = named?.name ?? word
  const finding = named === null ? asked : { kind: named.kind, ...asked }
  const cluster = await findAny(lab, name, finding)
  const { kind = cluster.profile.kind } = finding
  if (cluster.profile.kind === kind) return cluster
  throw new RepriseError('usage', `is a cluster of another kind: ${cluster.profile.kind}`, {
    subject: shownName(name, finding),
    remedy:
      kind === 'ssh'
        ? `Say ${cluster.profile.kind}:${name}`
        : `Say ${cluster.profile.kind}:${name}, or name one by reprise cluster add NAME --${kind}`,
  })
}

/** An ssh cluster of that name, of which it may not be known yet which hosts it has. */
export async function findSshCluster(
  lab: Lab,
  name: string,
  finding: Finding = {},
): Promise<Cluster<SshProfile | AskedProfile>> {
  return (await findCluster(lab, name, { ...finding, kind: 'ssh' })) as Cluster<SshProfile | AskedProfile>
}

async function findAny(lab: Lab, name: string, finding: Finding): Promise<Cluster> {
  const { tell, execute = true } = finding
  const { configs, program } = readConfigs(lab)
  const plain = clustersOf(configs)
  const known = plain.find((cluster) => cluster.name === name)
  if (known !== undefined) return known
  if (program !== null && !execute)
    throw new RepriseError('refused', 'is named by no plain configuration', {
      subject: shownName(name, finding),
      remedy: `${shownPath(program)} may name it and is not executed for this: name it by reprise cluster add`,
    })
  const clusters = program === null ? plain : clustersOf([...configs, await executeProgram(program, tell)])
  const found = clusters.find((cluster) => cluster.name === name)
  if (found !== undefined) return found
  const names = clusters.map((cluster) => cluster.name)
  throw new RepriseError('not-found', 'there is no cluster of that name', {
    subject: shownName(name, finding),
    remedy:
      names.length === 0 ? 'Name one by reprise cluster add NAME HOST…' : `There is ${names.join(', ')}`,
  })
}

function shownName(name: string, { kind }: Finding): string {
  return `${kind === undefined ? 'cluster ' : `${kind}:`}${name.slice(0, 80)}`
}

/** Told when a cluster is used: whose word it is, where that is not the user's own. */
export function clusterNotes(cluster: Cluster): string[] {
  const { name, profile, owner, path, hides } = cluster
  const file = shownPath(path)
  const notes =
    hides === null
      ? []
      : [
          `cluster ${name} is yours, of ${file}; ${shownPath(hides)} has one of the same name, which is not meant`,
        ]
  if (owner === 'project' && isScheduled(cluster))
    notes.push(`${file} has tasks submitted as it says: ${wishesWords(cluster.profile)}`)
  if (owner === 'project' && profile.kind === 'ssh' && profile.identity !== undefined)
    notes.push(`${file} names the private key ${[profile.identity].flat().join(', ')} for cluster ${name}`)
  return notes
}

/** What a project has spent on the account of whoever uses it. Values of variables may be secrets. */
function wishesWords({ kind, env = {}, prices: _, ...wishes }: SchedulerProfile): string {
  const said = saidWords(kind === 'slurm' ? { via: 'local', ...wishes } : wishes)
  return [...said, ...Object.keys(env).map((name) => `env ${name}`)].join(', ')
}

/** `namespace lab`, `store.bucket experiments`. */
function saidWords(wishes: object, within = ''): string[] {
  return Object.entries(wishes).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? saidWords(value, `${within}${name}.`)
      : [`${within}${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`],
  )
}

function clustersOf(configs: readonly Config[]): Cluster[] {
  const found = new Map<string, Cluster>()
  for (const { path, owner, clusters } of configs) {
    for (const [name, profile] of clusters) {
      const before = found.get(name)
      if (before === undefined) found.set(name, { name, profile, owner, path, hides: null })
      else found.set(name, { ...before, hides: path })
    }
  }
  return [...found.values()]
}
