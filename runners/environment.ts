/**
 * In which environment this process runs: what could have a bearing on its bits, and nothing about the user. Every
 * engine tells it when it is ready, and the controller of each session.
 */
import { readFileSync } from 'node:fs'
import { arch, availableParallelism, cpus, platform, release, totalmem } from 'node:os'
import type { EngineEnvironment, Environment } from '../lib/environment.ts'
import { type Fingerprint, fingerprint } from '../lib/fingerprint.ts'
import { cpuFlags, libc } from './platform.ts'

/** The machine and the runtime. */
export function environment(): Environment {
  const [library, flags] = [libc(), cpuFlags()]
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
    ...(library === undefined ? {} : { libc: library }),
    ...(flags === undefined ? {} : { cpuFlags: flags }),
  }
}

/** The environment of an engine in this process; called before any user code could change what it finds. */
export function ownEnvironment(): EngineEnvironment {
  return { ...environment(), flags: bareFlags(process.execArgv), fingerprint: fingerprintHere() }
}

/** What jobs meet here: in a capsule its own Math and `**`, in any other code the platform's. */
export function fingerprintHere(): Fingerprint {
  return fingerprint(Math, (base, exponent) => base ** exponent)
}

/** Flags without what may name places of the user's: words of their own are left out, paths cut to their last name. */
export function bareFlags(words: readonly string[]): string[] {
  return words
    .filter((word) => word.startsWith('-'))
    .map((word) =>
      word
        .replace(/=.*[/\\]/s, '=')
        .slice(0, 300)
        .toWellFormed(),
    )
    .slice(0, 100)
}

function osName(): string {
  try {
    return /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? platform()
  } catch {
    return platform()
  }
}
