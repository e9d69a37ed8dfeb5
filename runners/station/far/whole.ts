/**
 * Files that are there whole or not at all, on a host: a name of its own until the bytes are on disk. What a process that
 * was killed left under such a name is removed when nobody has written to it for a while.
 */
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { RepriseError } from '../../../lib/errors.ts'

/** Names of files that are not whole yet. */
export const PART = /^\.[0-9a-f]{16}\.part$/
/** Whoever is still at work touches what it works on more often than this, ms. */
export const STALE_MS = 600_000

export function partPath(path: string): string {
  return join(dirname(path), `.${randomBytes(8).toString('hex')}.part`)
}

/** Writes a file durably; `place` gives it its name. */
export function writeWhole(
  path: string,
  bytes: Uint8Array | string,
  place: (from: string, to: string) => void = renameSync,
): void {
  const part = partPath(path)
  try {
    const file = openSync(part, 'wx', 0o600)
    try {
      writeFileSync(file, bytes)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    place(part, path)
    syncFolder(dirname(path))
  } catch (error) {
    rmSync(part, { force: true })
    throw storageError(path, error)
  }
}

export function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

/** Removes what writers that are gone left in a folder. `now` is the time as the folder's disk tells it. */
export function sweepParts(folder: string, now: number): void {
  for (const name of readdirSync(folder)) {
    if (!PART.test(name)) continue
    const path = join(folder, name)
    const { mtimeMs } = lstatSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: now }
    if (now - mtimeMs > STALE_MS) rmSync(path, { force: true })
  }
}

/** What a disk says, in words that help. Anything else is passed on. */
export function storageError(path: string, error: unknown): Error {
  if (error instanceof RepriseError) return error
  const { code, message } = error as NodeJS.ErrnoException
  if (code === undefined) return error as Error
  const full = code === 'ENOSPC' || code === 'EDQUOT'
  return new RepriseError('storage', full ? `no room is left on its disk (${code})` : message, {
    subject: path,
    remedy: full
      ? 'Make room there (`reprise cluster clean` removes what is kept), or name another `directory` in the profile'
      : 'See that the folder may be written to, or name another `directory` in the profile',
    cause: error,
  })
}
