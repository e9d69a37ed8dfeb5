/** The head of a cluster, connected: its station, what it is asked, and who its workers are as it sees them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RepriseError } from '../lib/errors.ts'
import { Head } from '../runners/detached/head.ts'
import { headProgram } from '../runners/detached/program.ts'
import type { WorkerHost } from '../runners/detached/submission.ts'
import { wordsFor } from '../runners/ssh/by-program.ts'
import type { SshHost, SshProfile } from '../runners/ssh/profile.ts'
import type { Station } from '../runners/station/station.ts'
import { clusterNotes, findCluster } from './clusters.ts'
import type { Placement } from './hand-over.ts'
import type { Lab } from './lab.ts'
import { type Contact, reach } from './reach.ts'
import type { HostTraffic, RunnerOptions } from './runner-for.ts'

export interface OpenHead {
  readonly cluster: string
  /** By which people know it. */
  readonly host: string
  readonly head: Head
  readonly station: Station
  traffic(): readonly HostTraffic[]
  /** Where on this cluster a run is to go. */
  placement(options: RunnerOptions): Placement
  close(): Promise<void>
}

/** Connects to the head of the cluster of that name. Throws RepriseError. */
export async function openHead(lab: Lab, cluster: string, contact: Contact = {}): Promise<OpenHead> {
  const found = await findCluster(lab, cluster, { tell: contact.tell })
  for (const note of clusterNotes(found)) contact.tell?.(note)
  const { profile } = found
  const reached = reach(found, contact)
  try {
    const at = profile.head === undefined ? 0 : profile.hosts.findIndex(({ host }) => host === profile.head)
    const own = reached.hosts[at]
    if (own === undefined) {
      throw new RepriseError('usage', `has the head ${profile.head}, which is none of its hosts`, {
        subject: `cluster ${cluster}`,
        remedy: 'Let "head" be the name of one of "hosts"; with "engines": 0 it executes nothing itself',
      })
    }
    const station = await own.open()
    const head = await withProgram((program) => Head.open(station, program))
    return {
      cluster,
      host: own.name,
      head,
      station,
      traffic: () => [{ host: own.name, ...station.traffic }],
      placement: (options) => placementOn(cluster, profile, own.host, options),
      async close() {
        await station.close()
        await reached.close()
      },
    }
  } catch (error) {
    await reached.close()
    throw error
  }
}

async function withProgram<T>(use: (program: { path: string; sha256: string }) => Promise<T>): Promise<T> {
  const { bytes, sha256 } = await headProgram()
  const folder = mkdtempSync(join(tmpdir(), 'reprise-head-'))
  try {
    const path = join(folder, `${sha256}.mjs`)
    writeFileSync(path, bytes)
    return await use({ path, sha256 })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function placementOn(
  cluster: string,
  profile: SshProfile,
  head: SshHost,
  { engines, timeoutMs }: RunnerOptions,
): Placement {
  const others = profile.hosts.filter((host) => host !== head && host.engines !== 0)
  return {
    cluster,
    engines: engines ?? null,
    timeoutMs,
    headEngines: head.engines ?? null,
    workers: others.map((host) => workerOf(profile, host)),
    env: profile.env ?? {},
  }
}

/** A worker by the name that the head's own ssh is given; what this machine's configuration makes of it is nobody's there. */
function workerOf(profile: SshProfile, host: SshHost): WorkerHost {
  const worker = {
    host: host.host,
    user: host.user ?? profile.user ?? null,
    port: host.port ?? profile.port ?? null,
    engines: host.engines ?? null,
    directory: host.directory ?? profile.directory ?? null,
    node: host.node ?? profile.node ?? null,
  }
  wordsFor(worker) // refuses odd names now, not there
  return worker
}
