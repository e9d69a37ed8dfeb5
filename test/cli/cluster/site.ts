/** Projects whose user has clusters of real OpenSSH servers, by the user's own configuration. */
import { mkdirSync, writeFileSync } from 'node:fs'
import type { SshProfile } from '../../../runners/ssh/profile.ts'
import type { Project } from '../project.ts'

/** Writes the user's configuration. */
export function configure(project: Project, clusters: Readonly<Record<string, SshProfile>>): string {
  const folder = project.path('home/.config/reprise')
  mkdirSync(folder, { recursive: true })
  const path = `${folder}/config.json`
  writeFileSync(path, JSON.stringify({ clusters }))
  return path
}
