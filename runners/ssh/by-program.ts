/**
 * A shell on a host by the OpenSSH of this machine, with whatever its user has configured there: how the head of a cluster
 * reaches its workers. It never asks anybody, and refuses hosts whose key it does not know.
 */
import { spawn } from 'node:child_process'
import { RepriseError } from '../../lib/errors.ts'
import type { Channel, Ending } from '../channel.ts'

export interface ProgramHost {
  readonly host: string
  readonly user: string | null
  readonly port: number | null
}

/** Exit code of ssh for all that is its own, not the far process's. */
const SSH_FAILED = 255
const LAST_WORDS = 2_000
const OPTIONS = [
  'BatchMode=yes',
  'StrictHostKeyChecking=yes',
  'ServerAliveInterval=10',
  'ServerAliveCountMax=3',
  'ConnectTimeout=20',
  'ForwardAgent=no',
  'ForwardX11=no',
  'ClearAllForwardings=yes',
  'RequestTTY=no',
  'PermitLocalCommand=no',
]

/** A shell that reads its script from stdin. Names that ssh could take for something else are refused. */
export function shellByProgram(to: ProgramHost): Channel {
  const child = spawn('ssh', wordsFor(to), {
    stdio: 'pipe',
    detached: true, // out of reach of what is typed at a terminal
  })
  let words = ''
  child.stderr.on('data', (bytes: Buffer) => {
    words = (words + bytes.toString('utf8')).slice(-LAST_WORDS)
  })
  child.stdin.on('error', () => {}) // a connection that is gone is told by `ended`
  const ended = new Promise<Ending>((resolve) => {
    child.on('error', (error) =>
      resolve({ how: `ssh could not be started: ${error.message}`, unreachable: true }),
    )
    child.on('close', (code, signal) => {
      const last = words.trim().split('\n').at(-1) ?? ''
      const own = code === SSH_FAILED || signal !== null
      const how = signal === null ? `exit code ${code}` : `killed by ${signal}`
      resolve({ how: own && last !== '' ? `ssh: ${last}` : how, unreachable: own })
    })
  })
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    ended,
    kill: () => void child.kill('SIGKILL'),
  }
}

/** What ssh is told: fixed words, and a host that can only be one. */
export function wordsFor({ host, user, port }: ProgramHost): string[] {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.:%-]*$/.test(host)) throw odd('host', host)
  if (user !== null && !/^[A-Za-z0-9_][A-Za-z0-9_.@-]*\$?$/.test(user)) throw odd('user', user)
  if (port !== null && !(Number.isInteger(port) && port > 0 && port < 65_536)) throw odd('port', String(port))
  return [
    '-T',
    '-a',
    '-x',
    ...OPTIONS.flatMap((option) => ['-o', option]),
    ...(port === null ? [] : ['-p', String(port)]),
    ...(user === null ? [] : ['-l', user]),
    '--',
    host,
    'exec /bin/sh',
  ]
}

function odd(what: string, value: string): RepriseError {
  return new RepriseError('usage', `is no ${what}: ${JSON.stringify(value)}`, {
    subject: 'ssh',
    remedy: 'Give it a plain name in ssh’s configuration of the head',
  })
}
