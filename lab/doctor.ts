/**
 * What a run needs of this machine, tried for real: a process that can be started, esbuild, a lab that can be written to,
 * room on its disk, and SQLite that keeps what durability rests on there. Nothing is left behind.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { version as esbuildVersion, transformSync } from 'esbuild'
import { Database } from './database.ts'
import type { Lab } from './lab.ts'

export interface Check {
  readonly name: string
  /** `bad` makes runs impossible; `note` does not. */
  readonly state: 'well' | 'note' | 'bad'
  readonly found: string
  /** What to do; empty where all is well. */
  readonly remedy: string
}

type Found = string | { readonly found: string; readonly note: string }

/** Node as package.json asks for it. */
const LEAST_NODE = [20, 19]
const COMMITS = 9
const MIB = 2 ** 20
const LEAST_ROOM = 64 * MIB
const LITTLE_ROOM = 1024 * MIB

/** Tries everything, in the order in which a run would meet it. */
export function examine(lab: Lab): Check[] {
  const folder = existingFolder(lab.path)
  const other = 'Name another lab by REPRISE_LAB'
  return [
    check('Node', 'Install Node 20.19 or later', nodeFound),
    check('engines', 'See that this user may start processes', engineFound),
    check('esbuild', 'Install Reprise again, for this platform (npm ci)', esbuildFound),
    check('temporary', 'Make it writable, or name another folder by TMPDIR', () =>
      scratch(tmpdir(), () => tmpdir()),
    ),
    check('lab', `Make ${folder} writable. ${other}`, () =>
      scratch(folder, () => (existsSync(lab.path) ? lab.path : `${lab.path} (made by the first run)`)),
    ),
    check('disk', `Make room. ${other}`, () => diskFound(folder)),
    check('SQLite', `Network file systems are often the reason. ${other}`, () =>
      scratch(folder, sqliteFound),
    ),
    check('git', '', () => tool('git', 'runs are recorded without a commit')),
    check('python3', '', () => tool('python3', 'only experiments that are Python programs need it')),
  ]
}

/** One trial; what it throws is what is wrong. */
function check(name: string, remedy: string, attempt: () => Found): Check {
  try {
    const found = attempt()
    if (typeof found === 'string') return { name, state: 'well', found, remedy: '' }
    return { name, state: 'note', found: found.found, remedy: found.note }
  } catch (error) {
    return { name, state: 'bad', found: (error as Error).message, remedy }
  }
}

/** The nearest folder upwards that is there. */
function existingFolder(path: string): string {
  let at = path
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at)
  return at
}

/** Whatever `action` says, with a folder of its own below `parent`, which is gone afterwards. */
function scratch(parent: string, action: (folder: string) => string): string {
  const folder = mkdtempSync(join(parent, '.reprise-doctor-'))
  try {
    return action(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function nodeFound(): string {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const [least = 0, point = 0] = LEAST_NODE
  if (major < least || (major === least && minor < point)) throw new Error(`${process.version} is too old`)
  return `${process.version} (V8 ${process.versions.v8}, ICU ${process.versions.icu ?? 'none'})`
}

function engineFound(): string {
  const before = performance.now()
  const { error, status } = spawnSync(process.execPath, ['-e', ''], { timeout: 30_000, stdio: 'ignore' })
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`${process.execPath} ends with ${status}`)
  return `a process starts in ${Math.round(performance.now() - before)} ms`
}

function esbuildFound(): string {
  transformSync('let one: number = 1', { loader: 'ts' })
  return esbuildVersion
}

function diskFound(folder: string): Found {
  const { bavail, bsize } = statfsSync(folder)
  const free = bavail * bsize
  const found = `${free < 10 * 1024 * MIB ? `${Math.floor(free / MIB)} MiB` : `${Math.floor(free / 1024 / MIB)} GiB`} free`
  if (free < LEAST_ROOM) throw new Error(`only ${found} in ${folder}`)
  return free < LITTLE_ROOM ? { found, note: 'that is little for many results' } : found
}

function sqliteFound(folder: string): string {
  const path = join(folder, 'durable.sqlite')
  Database.create(path, 'CREATE TABLE rows (n INTEGER)')
  const database = new Database(path)
  try {
    database.makeDurable()
    const insert = database.prepare('INSERT INTO rows VALUES (?)')
    const times = Array.from({ length: COMMITS }, (_, n) => {
      const before = performance.now()
      database.transaction(() => void insert.run(n))
      return performance.now() - before
    })
    const median = times.sort((a, b) => a - b)[COMMITS >> 1]!
    const { version } = database.prepare('SELECT sqlite_version() AS version').get() as { version: string }
    return `${version}, WAL and synchronous=FULL read back; a durable commit takes ${median.toPrecision(2)} ms`
  } finally {
    database.close()
  }
}

function tool(name: string, without: string): Found {
  const { error, status, stdout, stderr } = spawnSync(name, ['--version'], {
    timeout: 30_000,
    encoding: 'utf8',
  })
  if (error !== undefined || status !== 0) return { found: 'not found', note: without }
  const [line = ''] = (stdout || stderr).split('\n')
  return /\d[\w.+-]*/.exec(line)?.[0] ?? line
}
