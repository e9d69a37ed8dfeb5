/**
 * Which Node the engines run on. A word names one: a version, which is fetched and kept when it is not the one at hand,
 * or the path of an executable. A word that came with a record must be known for a version (`isVersion`) before it gets
 * here: nobody else's word may be a path.
 */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { RepriseError } from '../lib/errors.ts'
import { answeredVersion, checkAge, ELSE, isVersion } from './node-version.ts'
import { keptRuntime, runtimeCache } from './runtime-cache.ts'

export interface Runtime {
  /** Of the executable, absolute. */
  readonly path: string
  /** As Node says it: `v22.23.3`. */
  readonly version: string
}

export interface RuntimeSurroundings {
  /** Folder in which fetched versions are kept; the user's cache when not given. */
  readonly cache?: string
  /** What npm is started with: the user's registry, proxy and credentials are found through it. */
  readonly env?: NodeJS.ProcessEnv
  /** Told before something takes its time. */
  readonly say?: (line: string) => void
}

/** Of a word that leads nowhere, so many characters are told. */
const MOST_TOLD = 200

/** The Node that executes this. */
export const TODAYS: Runtime = { path: process.execPath, version: process.version }

/** The Node that `word` names, fetched if need be. Throws when it is too old, not there or not what it says. */
export async function findRuntime(word: string, around: RuntimeSurroundings = {}): Promise<Runtime> {
  if (isVersion(word)) return findVersion(word, around)
  const path = resolve(word)
  if (!existsSync(word)) {
    throw new RepriseError('not-found', 'is neither a version such as 22.23.3 nor a file', {
      subject: `--runtime ${JSON.stringify(word.slice(0, MOST_TOLD))}`,
      remedy: `Write the whole version, or ${ELSE}`,
    })
  }
  const version = await answeredVersion(path)
  checkAge(version, path)
  return { path, version }
}

async function findVersion(word: string, around: RuntimeSurroundings): Promise<Runtime> {
  const version = `v${word.replace(/^v/, '')}`
  checkAge(version, '--runtime')
  if (version === TODAYS.version) return TODAYS
  const env = around.env ?? process.env
  const kept = { cache: around.cache ?? runtimeCache(env), env, say: around.say ?? (() => {}) }
  return { path: await keptRuntime(version, kept), version }
}
