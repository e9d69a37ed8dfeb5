/** Processes as /proc shows them: those under another, and those that carry a word in their environment. */
import { readdirSync, readFileSync } from 'node:fs'

const pids = () =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)

function read(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch {
    return '' // gone, or somebody else's
  }
}

/** Parent and state (R, S, T, Z …); null when there is no such process. */
export function stateOf(pid: number): { parent: number; state: string } | null {
  const words = /^\d+ \(.*\) (\S) (\d+)/s.exec(read(pid, 'stat'))
  return words === null ? null : { state: words[1]!, parent: Number(words[2]) }
}

/** Alive: there, and not a zombie that nobody has waited for. */
export function isAlive(pid: number): boolean {
  const found = stateOf(pid)
  return found !== null && found.state !== 'Z'
}

export function childrenOf(pid: number): number[] {
  return pids().filter((each) => stateOf(each)?.parent === pid)
}

export function descendantsOf(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)])
}

/** Those that were started with this setting, such as `HOME=/tmp/…`, and are alive. */
export function processesWith(setting: string): number[] {
  return pids().filter((pid) => read(pid, 'environ').split('\0').includes(setting) && isAlive(pid))
}

/** The words it was started with. */
export function commandOf(pid: number): string[] {
  return read(pid, 'cmdline').split('\0').slice(0, -1)
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Waits for a condition, looked at twenty times a second. */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  patienceMs = 60_000,
): Promise<NonNullable<Exclude<T, false>>> {
  const end = Date.now() + patienceMs
  for (;;) {
    const value = await condition()
    if (value) return value as NonNullable<Exclude<T, false>>
    if (Date.now() > end) throw new Error(`waited ${patienceMs} ms for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
