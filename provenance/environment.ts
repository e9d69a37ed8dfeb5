/** In which environment a run was made: what could have a bearing on its bits, and nothing about the user. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { arch, availableParallelism, cpus, platform, release, totalmem } from 'node:os'
import { basename, dirname, join } from 'node:path'

export interface Environment {
  readonly node: string
  readonly v8: string
  readonly icu: string
  readonly os: string
  readonly kernel: string
  readonly arch: string
  readonly cpu: string
  readonly cores: number
  /** Bytes. */
  readonly memory: number
}

/** A package lock file, by SHA-256. */
export interface LockDigest {
  readonly file: string
  readonly sha256: string
}

const LOCKS = ['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock']

export function environment(): Environment {
  return {
    node: process.version,
    v8: process.versions.v8,
    icu: process.versions.icu ?? 'none',
    os: osName(),
    kernel: release(),
    arch: arch(),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memory: totalmem(),
  }
}

function osName(): string {
  try {
    return /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? platform()
  } catch {
    return platform()
  }
}

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
