/**
 * Files that are there whole or not at all, and stay after a crash: temporary name in the same folder, fsync,
 * rename, fsync of the folder.
 */
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { RepriseError } from '../lib/errors.ts'

export interface HowToWrite {
  /** Permissions, from the first moment on. */
  readonly mode?: number
  /** True: the path must be free. */
  readonly exclusive?: boolean
}

/** Writes `bytes` to `path` durably; on failure nothing is left at `path` that was not there before. */
export function writeDurably(path: string, bytes: Uint8Array | string, how: HowToWrite = {}): void {
  const temporary = join(dirname(path), `.${randomBytes(6).toString('hex')}.tmp`)
  try {
    const file = openSync(temporary, 'wx', how.mode ?? 0o666)
    try {
      writeFileSync(file, bytes)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    if (how.exclusive === true) {
      linkSync(temporary, path)
      rmSync(temporary)
    } else renameSync(temporary, path)
    syncFolder(dirname(path))
  } catch (error) {
    rmSync(temporary, { force: true })
    throw storageError(path, error)
  }
}

/** Makes new and renamed entries of a folder durable. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true })
  } catch (error) {
    throw storageError(path, error)
  }
}

/** What the disk said, as an error that tells what to do. */
export function storageError(path: string, cause: unknown): RepriseError {
  return new RepriseError('storage', (cause as Error).message, {
    subject: path,
    remedy: 'See that the disk has room and may be written to; what was acknowledged before is safe',
    cause,
  })
}
