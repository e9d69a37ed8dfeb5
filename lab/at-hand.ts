/**
 * What this machine has at hand to vary: Nodes of other versions (given by path, on PATH, or in the cache of fetched
 * runtimes; one of each version, never the running one), and locales that programs find.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, isAbsolute, join, resolve } from 'node:path'
import { RepriseError } from '../lib/errors.ts'

export interface FoundNode {
  readonly path: string
  /** Such as `v22.23.3`. */
  readonly version: string
}

/** The oldest version that executes capsules. */
const OLDEST = [20, 19]
const PATIENCE_MS = 10_000

/** Those `given` by path first, then what `env` leads to. Throws `not-found` where a given one is no Node. */
export function nodesAtHand(given: readonly string[], env: NodeJS.ProcessEnv): FoundNode[] {
  const found = new Map<string, FoundNode>()
  const add = (node: FoundNode) => {
    if (!found.has(node.version)) found.set(node.version, node)
  }
  for (const path of given) add(givenNode(path))
  for (const path of candidates(env)) {
    const version = versionOf(path)
    if (version !== null && version !== process.version && isFit(version)) add({ path, version })
  }
  return [...found.values()]
}

function givenNode(word: string): FoundNode {
  const path = resolve(word)
  const version = versionOf(path)
  const options = { subject: word, remedy: `Give the path of a node of version ${OLDEST.join('.')} or later` }
  if (version === null)
    throw new RepriseError('not-found', 'is no Node that answers --version with its version', options)
  if (!isFit(version)) throw new RepriseError('not-found', `is ${version}, which is too old`, options)
  return { path, version }
}

function candidates(env: NodeJS.ProcessEnv): string[] {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  const onPath = (env.PATH ?? '').split(delimiter).filter(isAbsolute)
  const cache = join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache'), 'reprise', 'runtimes')
  const here = `-${process.platform}-${process.arch}`
  const cached = existsSync(cache) ? readdirSync(cache).filter((entry) => entry.endsWith(here)) : []
  return [
    ...onPath.map((folder) => join(folder, name)),
    ...cached.sort().map((entry) => join(cache, entry, 'bin', name)),
  ].filter((path) => existsSync(path))
}

/** What it answers to --version; null where that is not the version of a Node. */
function versionOf(path: string): string | null {
  const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: PATIENCE_MS })
  const version = (stdout ?? '').trim()
  return status === 0 && /^v\d+\.\d+\.\d+$/.test(version) ? version : null
}

function isFit(version: string): boolean {
  const [major = 0, minor = 0] = version.slice(1).split('.').map(Number)
  return major > OLDEST[0]! || (major === OLDEST[0] && minor >= OLDEST[1]!)
}

/** Names as `locale -a` lists them; none where it is not there. */
export function installedLocales(): string[] {
  const { stdout } = spawnSync('locale', ['-a'], { encoding: 'utf8', timeout: PATIENCE_MS })
  return (stdout ?? '').split('\n').filter((name) => name !== '')
}
