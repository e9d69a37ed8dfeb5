/** Whether real OpenSSH servers can be had here. Debian keeps `sshd` in /usr/sbin, which is in no user's PATH. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'

const FOLDERS = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/local/sbin', '/sbin']

/** The absolute path of a program, which sshd insists on; null where there is none. */
export function programPath(name: string): string | null {
  return FOLDERS.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null
}

let said = false

/** False, with one loud line, where sshd, ssh or ssh-keygen is missing or sshd does not start. */
export function available(what = 'what needs OpenSSH servers'): boolean {
  const reason = lacking()
  if (reason !== null && !said) console.log(`SKIPPING ${what}: ${reason}`)
  said = reason !== null
  return reason === null
}

function lacking(): string | null {
  const missing = ['sshd', 'ssh', 'ssh-keygen'].filter((name) => programPath(name) === null)
  if (missing.length > 0) return `no ${missing.join(', ')} here (openssh-server, openssh-client)`
  if (!existsSync('/proc/self/environ')) return 'no /proc here, by which servers are cleaned up after'
  if (process.getuid?.() !== 0) return null
  try {
    mkdirSync('/run/sshd', { recursive: true, mode: 0o755 }) // sshd wants it when it is root's
    return null
  } catch (error) {
    return `/run/sshd cannot be made: ${(error as Error).message}`
  }
}

/** Runs a program to its end and gives what it printed; throws with what it complained of. */
export function output(program: string, ...words: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(programPath(program) ?? program, words, {
    encoding: 'utf8',
  })
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`${program} ${words.join(' ')}: exit ${status}\n${stderr}`)
  return stdout
}
