/** Clusters by name, from the project's configuration and the user's: the project's come first. */
import { RepriseError } from '../lib/errors.ts'
import type { ClusterProfile, ConfigOwner } from './check-config.ts'
import { type Config, executeConfigs, readConfigs, shownPath } from './config.ts'
import type { Lab } from './lab.ts'

export interface Cluster {
  readonly name: string
  readonly profile: ClusterProfile
  readonly owner: ConfigOwner
  /** The file that names it. */
  readonly path: string
  /** The file whose cluster of the same name it stands before; null where there is none. */
  readonly hides: string | null
}

/** Every cluster that is known without executing anything; `program` is a project's program that may name more. */
export function listClusters(lab: Lab): { clusters: Cluster[]; program: string | null } {
  const { configs, program } = readConfigs(lab)
  return { clusters: clustersOf(configs), program }
}

/** The cluster of that name. A project's program is executed for it, and `tell` is told before. Throws `not-found`. */
export async function findCluster(lab: Lab, name: string, tell?: (line: string) => void): Promise<Cluster> {
  const clusters = clustersOf(await executeConfigs(lab, tell))
  const found = clusters.find((cluster) => cluster.name === name)
  if (found !== undefined) return found
  const names = clusters.map((cluster) => cluster.name)
  throw new RepriseError('not-found', 'there is no cluster of that name', {
    subject: `ssh:${name.slice(0, 80)}`,
    remedy:
      names.length === 0 ? 'Name one by reprise cluster add NAME HOST…' : `There is ${names.join(', ')}`,
  })
}

/** Told when a cluster is used: whose word it is, where that is not the user's own. */
export function clusterNotes({ name, profile, owner, path, hides }: Cluster): string[] {
  const file = shownPath(path)
  const notes =
    hides === null
      ? []
      : [`cluster ${name} is that of ${file}; yours in ${shownPath(hides)} has the same name`]
  if (owner === 'project' && profile.identity !== undefined)
    notes.push(`${file} names the private key ${[profile.identity].flat().join(', ')} for cluster ${name}`)
  return notes
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
