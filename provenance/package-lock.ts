/** The package lock that was in force when a run was planned. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** A package lock file, by SHA-256. */
export interface LockDigest {
  readonly file: string
  readonly sha256: string
}

const LOCKS = ['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock']

/** The nearest package lock above the experiment's file. */
export function nearestLock(file: string): LockDigest | null {
  for (let at = dirname(file); ; at = dirname(at)) {
    const lock = LOCKS.map((name) => join(at, name)).find((path) => existsSync(path))
    if (lock !== undefined) {
      return { file: basename(lock), sha256: createHash('sha256').update(readFileSync(lock)).digest('hex') }
    }
    if (dirname(at) === at) return null
  }
}
