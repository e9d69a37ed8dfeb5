/** Hosts of clusters that need no server: stations behind a `/bin/sh` of this machine, each with a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Channel, Ending } from '../../runners/channel.ts'
import type { ClusterHost } from '../../runners/cluster.ts'
import { openStation, type StationOptions } from '../../runners/station/open.ts'

/** A shell as a channel, and its process. */
export interface Shell extends Channel {
  readonly child: ChildProcess
}

export function shell(): Shell {
  const child = spawn('/bin/sh', { stdio: 'pipe' })
  const ended = new Promise<Ending>((resolve) => {
    child.on('close', (code, signal) => resolve({ how: signal ?? `exit code ${code}`, unreachable: false }))
  })
  child.stdin.on('error', () => {})
  const { stdin, stdout, stderr } = child
  return { stdin, stdout, stderr, ended, kill: () => child.kill('SIGKILL'), child }
}

export function shellHost(
  folder: string,
  name: string,
  engines: number,
  options: StationOptions = {},
): ClusterHost {
  return { name, engines, open: () => openStation(shell(), { directory: join(folder, name), ...options }) }
}
