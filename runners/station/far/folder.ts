/**
 * The folder on a host that Reprise may use. Code is started from it, so it must belong to whoever uses it and nobody else
 * may write there; and no link inside is followed, so that nothing outside is ever read, written or removed. It is ours
 * from the day that its `id` was made in it, and only a folder that held nothing else can become ours.
 *
 *     capsules/<sha256>.mjs  inputs/<sha256>  stations/<sha256>.mjs  id  scratch/  runs/<run>/
 */
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  type Stats,
  statfsSync,
  statSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { RepriseError } from '../../../lib/errors.ts'
import { PART, writeWhole } from './whole.ts'

export const DEFAULT_DIRECTORY = '~/.cache/reprise'

/** Where what is kept lies in it, and how its names end. */
export const KEPT = {
  capsule: { folder: 'capsules', ending: '.mjs' },
  input: { folder: 'inputs', ending: '' },
  station: { folder: 'stations', ending: '.mjs' },
} as const

export type Kind = keyof typeof KEPT

const SHA256 = /^[0-9a-f]{64}$/
const ID = 'id'
/** What else may be there before it has an id: the engines' and the runs' folders, Nodes that were fetched and digests of such, what a disk has of its own. */
const BESIDE = ['scratch', 'runs', 'runtimes', 'digests', 'lost+found']
const ANOTHER = 'Name another `directory` in the cluster’s profile'

/** Absolute path of the folder, made where it is not there. `~` is the home folder, which other paths begin at too. */
export function openFolder(named: string): string {
  const path = /^~(\/|$)/.test(named) ? join(homedir(), named.slice(1)) : resolve(homedir(), named)
  mkdirSync(path, { recursive: true, mode: 0o700 })
  ownLink(path, lstatSync(path))
  const real = realpathSync(path)
  ownOnly(real, statSync(real))
  for (let above = dirname(real); above !== dirname(above); above = dirname(above)) notForAll(above)
  if (real.includes('\\')) {
    throw new RepriseError('refused', 'has a backslash in its path, and Node starts no program from there', {
      subject: real,
      remedy: ANOTHER,
    })
  }
  if (idIn(real) === null) freeForUs(real)
  return real
}

/** A folder in it, made where it is not there. */
export function folderIn(directory: string, name: string): string {
  const path = join(directory, name)
  mkdirSync(path, { recursive: true, mode: 0o700 })
  ownOnly(path, lstatSync(path))
  return path
}

/** Path of what is kept under a digest, whether it is there or not. */
export function keptPath(directory: string, kind: Kind, sha256: unknown): string {
  const place = Object.hasOwn(KEPT, kind) ? KEPT[kind] : undefined
  if (place === undefined || typeof sha256 !== 'string' || !SHA256.test(sha256)) {
    throw new RepriseError('usage', `nothing is kept as ${String(kind)} ${String(sha256).slice(0, 80)}`)
  }
  return join(directory, place.folder, `${sha256}${place.ending}`)
}

/** The same wherever this folder is seen from, and different for every other. */
export function folderId(directory: string): string {
  const known = idIn(directory)
  if (known !== null) return `${known}${ofThisMachine(directory)}`
  writeWhole(join(directory, ID), `${randomBytes(16).toString('hex')}\n`, (from, to) => {
    try {
      linkSync(from, to) // somebody else may be at it: the first wins
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    rmSync(from)
  })
  return `${idIn(directory)}${ofThisMachine(directory)}`
}

/** The id that a folder has; null where it has none. Throws `refused` for a file of that name that is none of ours. */
function idIn(directory: string): string | null {
  const path = join(directory, ID)
  let text: string
  try {
    text = readRegular(path).toString('utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return null
    if (code !== 'ELOOP' && code !== 'EISDIR') throw error
    text = ''
  }
  if (/^[0-9a-f]{32}\n$/.test(text)) return text.trim()
  throw new RepriseError('refused', 'is not Reprise’s', { subject: path, remedy: ANOTHER })
}

/** A folder that others use for other things must not become ours: what is cleaned up there would be theirs. */
function freeForUs(directory: string): void {
  const folders = [...Object.values(KEPT).map(({ folder }) => folder), ...BESIDE]
  const foreign = readdirSync(directory).find((name) => !folders.includes(name) && !PART.test(name))
  if (foreign === undefined) return
  throw new RepriseError('refused', `holds other things, such as ${JSON.stringify(foreign)}`, {
    subject: directory,
    remedy: 'Let `directory` in the cluster’s profile name a folder for Reprise alone, such as one in this',
  })
}

/** What is in a file that is no link. */
export function readRegular(path: string): Buffer {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    return readFileSync(file)
  } finally {
    closeSync(file)
  }
}

/** ext, xfs, btrfs, tmpfs, overlay, zfs: what they hold is seen by one machine, and a copied disk has the same `id`. */
const LOCAL = [0xef53, 0x58465342, 0x9123683e, 0x01021994, 0x794c7630, 0x2fc12fc1]

function ofThisMachine(directory: string): string {
  try {
    if (!LOCAL.includes(statfsSync(directory).type)) return ''
    return `-${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}`
  } catch {
    return ''
  }
}

function ownOnly(path: string, state: Stats): void {
  const problem = !state.isDirectory()
    ? 'is no folder'
    : !isOwn(state)
      ? 'belongs to somebody else'
      : (state.mode & 0o022) !== 0
        ? 'may be written to by others, and code is started from it'
        : null
  if (problem !== null) throw refused(path, problem)
}

/** A link that somebody else made leads where they like, and elsewhere tomorrow. */
function ownLink(path: string, state: Stats): void {
  if (state.isSymbolicLink() && !isOwn(state) && state.uid !== 0)
    throw refused(path, 'is a link of somebody else’s')
}

/** In a folder that all may write to, without the sticky bit, anybody could put another folder in our folder's place. */
function notForAll(path: string): void {
  const { mode } = statSync(path)
  if ((mode & 0o002) !== 0 && (mode & 0o1000) === 0)
    throw refused(path, 'may be written to by everybody, and what is in it be exchanged')
}

function isOwn({ uid }: Stats): boolean {
  return uid === (process.getuid?.() ?? uid)
}

function refused(path: string, problem: string): RepriseError {
  return new RepriseError('refused', problem, {
    subject: path,
    remedy: 'Take it away or chmod go-w it, or name another `directory` in the cluster’s profile',
  })
}
