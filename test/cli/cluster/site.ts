/** Projects whose user has clusters, of real OpenSSH servers or a real Slurm, by the user's own configuration. */
import { mkdirSync, writeFileSync } from 'node:fs'
import type { ClusterProfile } from '../../../lab/check-config.ts'
import type { Project } from '../project.ts'

/** Writes the user's configuration. */
export function configure(project: Project, clusters: Readonly<Record<string, ClusterProfile>>): string {
  const folder = project.path('home/.config/reprise')
  mkdirSync(folder, { recursive: true })
  const path = `${folder}/config.json`
  writeFileSync(path, JSON.stringify({ clusters }))
  return path
}
