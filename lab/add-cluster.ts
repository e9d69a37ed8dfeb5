/**
 * Writes a cluster into a configuration file: the user's, or the project's. All that is there stays, in its order; the
 * file is there whole at any moment, and of two who write at once neither is lost.
 */
import { existsSync, mkdirSync, realpathSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { RepriseError } from '../lib/errors.ts'
import { type ClusterProfile, type ConfigOwner, checkConfig } from './check-config.ts'
import {
  parseText,
  projectConfigPath,
  projectProgramPath,
  readText,
  shownPath,
  userConfigPath,
} from './config.ts'
import { storageError, writeDurably } from './durable.ts'
import { configFolder } from './key.ts'
import type { Lab } from './lab.ts'

/** Others are at it for a moment only, ms. */
const WAIT_MS = 10_000

export interface Adding {
  readonly name: string
  readonly profile: ClusterProfile
  /** A cluster of the same name may be there; it is not kept. */
  readonly replace: boolean
}

/** Adds the cluster and gives the file's path. Throws `refused` where the name is taken, `usage` for what is no profile. */
export function addCluster(lab: Lab, owner: ConfigOwner, { name, profile, replace }: Adding): string {
  const path = owner === 'user' ? userConfigPath() : projectConfigPath(lab)
  const program = projectProgramPath(lab)
  if (owner === 'project' && existsSync(program)) {
    throw new RepriseError('refused', 'is a program, which is not changed by another', {
      subject: shownPath(program),
      remedy: 'Write the cluster there, or leave --project out',
    })
  }
  const written = owner === 'user' ? profile : near(profile, dirname(path))
  checkConfig({ clusters: Object.fromEntries([[name, written]]) }, name, owner) // before any file is touched
  locked(() => {
    const text = readText(path, owner)
    const json = text === null ? {} : parseText(text, path)
    const known = checkConfig(json, shownPath(path), owner)
    if (known.has(name) && !replace) {
      throw new RepriseError('refused', `there is a cluster ${name} already`, {
        subject: shownPath(path),
        remedy: 'Choose another name, or say --replace',
      })
    }
    const { clusters = {}, ...others } = json as { clusters?: object }
    const changed = { ...others, clusters: { ...clusters, [name]: written } }
    const target = existsSync(path) ? realpathSync(path) : path // a link of the user's own stays one
    writeDurably(target, `${JSON.stringify(changed, null, 2)}\n`, owner === 'user' ? { mode: 0o600 } : {})
  })
  return path
}

/** Keys that lie in the project are named from there, so that the file means the same in every clone. */
function near(profile: ClusterProfile, folder: string): ClusterProfile {
  if (profile.kind !== 'ssh' || profile.identity === undefined) return profile
  const named = [profile.identity].flat().map((path) => {
    if (path.startsWith('~')) return path
    const below = relative(folder, resolve(path))
    return below.startsWith('..') ? path : below
  })
  return { ...profile, identity: named }
}

/** One process at a time: the lock is the operating system's, and ends with whoever holds it. */
function locked(action: () => void): void {
  const path = join(configFolder(), 'config.lock')
  let database: InstanceType<typeof DatabaseSync>
  try {
    mkdirSync(configFolder(), { recursive: true, mode: 0o700 })
    database = new DatabaseSync(path, { timeout: WAIT_MS })
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    throw storageError(path, error)
  }
  try {
    action()
  } finally {
    database.close()
  }
}
