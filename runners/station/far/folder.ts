/**
 * The folder on a host that Reprise may use. Code is started from it, so it must belong to whoever uses it and nobody else
 * may write there; and no link inside is followed, so that nothing outside is ever read, written or removed.
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
  readFileSync,
  realpathSync,
  rmSync,
  type Stats,
  statfsSync,
  statSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { RepriseError } from '../../../lib/errors.ts'
import { writeWhole } from './whole.ts'

export const DEFAULT_DIRECTORY = '~/.cache/reprise'

/** Where what is kept lies in it, and how its names end. */
export const KEPT = {
  capsule: { folder: 'capsules', ending: '.mjs' },
  input: { folder: 'inputs', ending: '' },
  station: { folder: 'stations', ending: '.mjs' },
} as const

export type Kind = keyof typeof KEPT

const SHA256 = /^[0-9a-f]{64}$/

/** Absolute path of the folder, made where it is not there. `~` is the home folder, which other paths begin at too. */
export function openFolder(named: string): string {
  const path = /^~(\/|$)/.test(named) ? join(homedir(), named.slice(1)) : resolve(homedir(), named)
  mkdirSync(path, { recursive: true, mode: 0o700 })
  const real = realpathSync(path)
  ownOnly(real, statSync(real))
  if (real.includes('\\')) {
    throw new RepriseError('refused', 'has a backslash in its path, and Node starts no program from there', {
      subject: real,
      remedy: 'Name another `directory` in the cluster’s profile',
    })
  }
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
  const path = join(directory, 'id')
  for (let tries = 0; tries < 3; tries++) {
    try {
      const id = readRegular(path).toString('utf8')
      if (/^[0-9a-f]{32}\n$/.test(id)) return `${id.trim()}${ofThisMachine(directory)}`
      rmSync(path, { force: true })
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'ELOOP') rmSync(path)
      else if (code !== 'ENOENT') throw error
    }
    writeWhole(path, `${randomBytes(16).toString('hex')}\n`, (from, to) => {
      try {
        linkSync(from, to) // somebody else may be at it: the first wins
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
      rmSync(from)
    })
  }
  throw new RepriseError('storage', 'cannot be made', { subject: path, remedy: 'Remove it and try again' })
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
  const { uid, mode } = state
  const user = process.getuid?.()
  const problem = !state.isDirectory()
    ? 'is no folder'
    : user !== undefined && uid !== user
      ? 'belongs to somebody else'
      : (mode & 0o022) !== 0
        ? 'may be written to by others, and code is started from it'
        : null
  if (problem === null) return
  throw new RepriseError('refused', problem, {
    subject: path,
    remedy: 'Take it away or chmod go-w it, or name another `directory` in the cluster’s profile',
  })
}
