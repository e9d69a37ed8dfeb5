/** A shell of this machine, as a station is opened behind one: out of reach of what is typed at a terminal. */
import { spawn } from 'node:child_process'
import type { Channel, Ending } from '../channel.ts'

export function shellHere(): Channel {
  const child = spawn('/bin/sh', { stdio: 'pipe', detached: true })
  child.stdin.on('error', () => {}) // a shell that is gone is told by `ended`
  const ended = new Promise<Ending>((resolve) => {
    child.on('error', (error) => resolve({ how: error.message, unreachable: true }))
    child.on('close', (code, signal) => resolve({ how: signal ?? `exit code ${code}`, unreachable: false }))
  })
  const { stdin, stdout, stderr } = child
  return { stdin, stdout, stderr, ended, kill: () => void child.kill('SIGKILL') }
}
