/**
 * What this machine has at hand to vary: Nodes of other versions (given, on PATH, or kept from earlier fetches; one of
 * each version, never the running one), and locales that programs find.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'
import { RepriseError } from '../lib/errors.ts'
import { answeredVersion, isRecent } from '../runners/node-version.ts'
import { findRuntime, type Runtime, type RuntimeSurroundings } from '../runners/runtime.ts'
import { EXECUTABLE, keptPaths } from '../runners/runtime-cache.ts'

const PATIENCE_MS = 10_000

/** Those `given` by path or version first, then what `env` leads to. Throws where a given one cannot be had. */
export async function nodesAtHand(
  given: readonly string[],
  env: NodeJS.ProcessEnv,
  around: RuntimeSurroundings = {},
): Promise<Runtime[]> {
  const found = new Map<string, Runtime>()
  for (const word of given) {
    const runtime = await findRuntime(word, { ...around, env })
    found.set(runtime.version, runtime)
  }
  for (const path of await candidates(env)) {
    const version = await versionOf(path)
    if (version !== null && version !== process.version && isRecent(version) && !found.has(version))
      found.set(version, { path, version })
  }
  return [...found.values()]
}

async function candidates(env: NodeJS.ProcessEnv): Promise<string[]> {
  const onPath = (env.PATH ?? '').split(delimiter).filter(isAbsolute)
  const there = onPath.map((folder) => join(folder, EXECUTABLE)).filter((path) => existsSync(path))
  return [...there, ...(await keptPaths(env))]
}

/** What it answers to --version; null where that is not the version of a Node. */
async function versionOf(path: string): Promise<string | null> {
  try {
    return await answeredVersion(path)
  } catch (error) {
    if (error instanceof RepriseError) return null
    throw error
  }
}

/** Names as `locale -a` lists them; none where it is not there. */
export function installedLocales(): string[] {
  const { stdout } = spawnSync('locale', ['-a'], { encoding: 'utf8', timeout: PATIENCE_MS })
  return (stdout ?? '').split('\n').filter((name) => name !== '')
}
