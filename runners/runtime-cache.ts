/**
 * Versions of Node that were fetched, kept for the next time: `<version>-<platform>-<arch>/` holds the executable and
 * `runtime.json`, what is known of it. A folder appears by one rename, whole, so an interrupted fetch leaves nothing
 * that is taken for a Node, and two fetches at once do not meet. The executable's SHA-256 is checked at each use.
 */
import { createHash } from 'node:crypto'
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { RepriseError } from '../lib/errors.ts'
import { ownCache } from './cache.ts'
import { answeredVersion, ELSE, isVersion } from './node-version.ts'
import { fetchNode } from './runtime-fetch.ts'

export interface Keeping {
  readonly cache: string
  readonly env: NodeJS.ProcessEnv
  readonly say: (line: string) => void
}

/** `runtime.json`. */
interface KeptRecord {
  readonly package: string
  readonly version: string
  /** Of the package, as the registry states it and npm has checked it. */
  readonly integrity: string
  /** Of the executable (hex). */
  readonly sha256: string
}

/** The name of Node's executable. */
export const EXECUTABLE: string = process.platform === 'win32' ? 'node.exe' : 'node'
const RECORD = 'runtime.json'
/** What the names of folders end in, after the version. */
const PLACE = `-${process.platform}-${process.arch}`
const TEMPORARY = '.fetch-'
/** What a fetch that was killed left behind is removed after this, ms. */
const STALE_MS = 24 * 3600_000

/** `$XDG_CACHE_HOME/reprise/runtimes`, or in `~/.cache`. */
export function runtimeCache(env: NodeJS.ProcessEnv): string {
  return join(ownCache(env), 'runtimes')
}

/** Paths of the executables kept for this platform, by name of their folders; those that changed are passed over. */
export async function keptPaths(env: NodeJS.ProcessEnv): Promise<string[]> {
  const cache = runtimeCache(env)
  const paths: string[] = []
  for (const name of namesIn(cache)) {
    const version = name.endsWith(PLACE) ? name.slice(0, -PLACE.length) : ''
    if (isVersion(version) && (await stateOf(join(cache, name), version)) === 'intact')
      paths.push(join(cache, name, EXECUTABLE))
  }
  return paths
}

/** None where there is no such folder, or none that may be read: then nothing is at hand there. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch {
    return []
  }
}

/** Path of this version's executable, fetched when it is not there as it was put there. */
export async function keptRuntime(version: string, keeping: Keeping): Promise<string> {
  const { cache, say } = keeping
  const folder = join(cache, `${version}${PLACE}`)
  const executable = join(folder, EXECUTABLE)
  const state = await stateOf(folder, version)
  if (state === 'intact') return executable
  if (state === 'changed') say(`${executable} is not what was fetched: it is not used, and fetched again`)
  const temporary = temporaryFolder(cache)
  const removeIt = () => rmSync(temporary, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  process.once('exit', removeIt)
  try {
    const whole = join(temporary, 'whole')
    mkdirSync(whole)
    const fetched = await fetchNode(version, temporary, keeping)
    renameSync(fetched.executable, join(whole, EXECUTABLE))
    await checkAnswer(join(whole, EXECUTABLE), version, fetched.package)
    const record: KeptRecord = {
      package: fetched.package,
      version,
      integrity: fetched.integrity,
      sha256: await sha256Of(join(whole, EXECUTABLE)),
    }
    writeFileSync(join(whole, RECORD), `${JSON.stringify(record, null, 2)}\n`)
    await place(whole, folder, version)
  } catch (error) {
    throw error instanceof RepriseError ? error : cacheError(cache, error)
  } finally {
    process.off('exit', removeIt)
    removeIt()
  }
  return executable
}

/** Puts `whole` at `folder` unless an intact one is there already; a changed one has to go. */
async function place(whole: string, folder: string, version: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      renameSync(whole, folder)
      return
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException
      if (tries === 5 || !['ENOTEMPTY', 'EEXIST', 'ENOTDIR', 'EPERM'].includes(code)) throw error
    }
    if ((await stateOf(folder, version)) === 'intact') return // another process was first
    renameSync(folder, `${whole}-not-${tries}`)
  }
}

async function stateOf(folder: string, version: string): Promise<'absent' | 'intact' | 'changed'> {
  if (!existsSync(folder)) return 'absent'
  try {
    const record = JSON.parse(readFileSync(join(folder, RECORD), 'utf8')) as KeptRecord
    if (record.version !== version) return 'changed'
    return (await sha256Of(join(folder, EXECUTABLE))) === record.sha256 ? 'intact' : 'changed'
  } catch {
    return 'changed'
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash)
  return hash.digest('hex')
}

async function checkAnswer(path: string, version: string, name: string): Promise<void> {
  const said = await answeredVersion(path)
  if (said === version) return
  throw new RepriseError('engine', `holds Node ${said}, not ${version}: it is not used`, {
    subject: `package ${name}`,
    remedy: `See which registry npm is set to (npm config get registry); or ${ELSE}`,
  })
}

/** A folder beside the kept versions; those that killed fetches left a day ago are removed. */
function temporaryFolder(cache: string): string {
  try {
    makeFolder(cache)
    for (const name of readdirSync(cache).filter((name) => name.startsWith(TEMPORARY))) {
      const stale = statSync(join(cache, name), { throwIfNoEntry: false })
      if (stale !== undefined && Date.now() - stale.mtimeMs > STALE_MS)
        rmSync(join(cache, name), { recursive: true, force: true })
    }
    return mkdtempSync(join(cache, TEMPORARY))
  } catch (error) {
    throw cacheError(cache, error)
  }
}

/** One folder after the other: `recursive: true` never returns where none can be made, as in /proc (Node 20). */
function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error // else another process was first
  }
}

function cacheError(cache: string, cause: unknown): RepriseError {
  return new RepriseError('storage', `Node cannot be kept there: ${(cause as Error).message}`, {
    subject: cache,
    remedy: `See that the disk has room and may be written to, or set XDG_CACHE_HOME; or ${ELSE}`,
    cause,
  })
}
