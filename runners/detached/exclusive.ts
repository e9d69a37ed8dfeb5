/**
 * Gives a whole file its name where nothing has that name yet: by link(2), which fails where it is taken, over NFS too. Where
 * a file system has no links, by a claim of that name and a rename.
 */
import { existsSync, linkSync, mkdirSync, renameSync, rmdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** What file systems without links say to one. */
const NO_LINKS = ['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP']
/** A claim is held for the length of a rename: one this old, ms, was left by somebody who died. */
const STALE_MS = 60_000
const WAIT_MS = 20

/** False, and nothing changed, where the path is taken. The temporary file is left to the caller, if it is still there. */
export function nameFirst(temporary: string, path: string): boolean {
  try {
    linkSync(temporary, path)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return statSync(temporary).nlink > 1 // it was us, and the answer was lost on the way
    if (code === undefined || !NO_LINKS.includes(code)) throw error
    return nameByClaim(temporary, path)
  }
}

function nameByClaim(temporary: string, path: string): boolean {
  const claim = join(dirname(path), `.${basename(path)}.claim`)
  while (!claimed(claim)) {
    if (existsSync(path)) return false
    if (ageOf(claim) > STALE_MS) release(claim)
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS)
  }
  try {
    if (existsSync(path)) return false
    renameSync(temporary, path)
    return true
  } finally {
    release(claim)
  }
}

function claimed(claim: string): boolean {
  try {
    mkdirSync(claim, { mode: 0o700 })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function ageOf(claim: string): number {
  const found = statSync(claim, { throwIfNoEntry: false })
  return found === undefined ? 0 : Date.now() - found.mtimeMs
}

function release(claim: string): void {
  try {
    rmdirSync(claim)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
