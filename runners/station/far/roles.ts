/** What the station's program does when it is started by itself, as a process of its own: `node <program> <role> …`. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { fingerprintHere } from '../../environment.ts'

export const ROLES: Readonly<Record<string, (words: readonly string[]) => void | Promise<void>>> = {
  /** Keeps the processor busy for a moment, which a station must not be. */
  fingerprint: () => console.log(JSON.stringify(fingerprintHere())),
}

/** Runs a role of this program to its end and gives what it printed, which is JSON. */
export async function ask(role: string, signal: AbortSignal): Promise<unknown> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), role], {
    stdio: ['ignore', 'pipe', 'inherit'],
    signal,
  })
  const failed = new Promise<never>((_, reject) => child.on('error', reject))
  const printed = await Promise.race([child.stdout.setEncoding('utf8').toArray(), failed])
  return JSON.parse(printed.join(''))
}
