/** The verb `facts`: what a host is, as far as it matters to whoever wants engines there. */
import { statfsSync } from 'node:fs'
import { arch, availableParallelism, cpus, hostname, platform, totalmem, userInfo } from 'node:os'
import type { Facts } from '../station.ts'
import type { Verb } from './answer.ts'
import { folderId } from './folder.ts'

export const facts: Verb = (_args, _exchange, { directory }): Facts => {
  const { bavail, bsize } = statfsSync(directory)
  return {
    host: hostname(),
    user: userName(),
    directory,
    directoryId: folderId(directory),
    node: process.version,
    nodePath: process.execPath,
    platform: platform(),
    arch: arch(),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memory: totalmem(),
    free: bavail * bsize,
    clock: Date.now(),
  }
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? '') // some hosts know no name for it
  }
}
