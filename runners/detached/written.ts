/** Files of a detached run that are there whole or not at all: temporary name in the same folder, fsync, then its own name. */
import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { nameFirst } from './exclusive.ts'

/** How a file is to be put in place: `durably`, or only whole; `first`: its path must be free. */
export interface Placing {
  readonly durably?: boolean
  readonly first?: boolean
}

/** Returns false where the path was to be free and is not. */
export function writeWhole(
  path: string,
  bytes: string | Uint8Array,
  { durably = true, first = false }: Placing = {},
): boolean {
  const temporary = join(dirname(path), `.${randomBytes(6).toString('hex')}.tmp`)
  try {
    const file = openSync(temporary, 'wx', 0o600)
    try {
      writeFileSync(file, bytes)
      if (durably) fsyncSync(file)
    } finally {
      closeSync(file)
    }
    const placed = !first || nameFirst(temporary, path)
    if (!first) renameSync(temporary, path)
    if (durably) syncFolder(dirname(path)) // though it was taken: whoever took it may have died before this
    return placed
  } finally {
    rmSync(temporary, { force: true })
  }
}

/** Writes over what is there, which takes no room on the disk. */
export function writeOver(path: string, bytes: string): void {
  const file = openSync(path, 'r+')
  try {
    writeSync(file, bytes, 0)
  } finally {
    closeSync(file)
  }
}

export function syncFile(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Makes new and renamed entries of a folder durable. */
export const syncFolder: (path: string) => void = syncFile
