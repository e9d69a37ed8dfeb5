/**
 * Whether the hosts of a cluster can be used, tried for real and all at once: a station is opened on each, which takes a
 * known host key, a login, a shell, Node and a folder; it is asked what it is and what its arithmetic gives.
 */
import { RepriseError, toErrorRecord } from '../lib/errors.ts'
import { type Fingerprint, fingerprintDifferences } from '../lib/fingerprint.ts'
import { fingerprintHere } from '../runners/environment.ts'
import type { AskedProfile, SshProfile } from '../runners/ssh/profile.ts'
import type { Facts, Station } from '../runners/station/station.ts'
import { type Cluster, isCloud, isScheduled, type SchedulerCluster } from './clusters.ts'
import type { Check } from './doctor.ts'
import { settled } from './host-list.ts'
import { bytesWords, latencyWords } from './host-words.ts'
import type { Lab } from './lab.ts'
import { type Contact, reach } from './reach.ts'
import { reachHead } from './reach-head.ts'
import { type Checking, schedulerChecks } from './scheduler-checks.ts'

export interface HostReport {
  readonly host: string
  /** `bad`: no engine can run there. */
  readonly state: Check['state']
  readonly checks: readonly Check[]
  readonly latencyMs: number | null
  readonly facts: Facts | null
  /** Its clock against ours, ms; above 0 where it is ahead. */
  readonly clockOffsetMs: number | null
  readonly fingerprint: Fingerprint | null
  /** Entries of the fingerprint that are other than here; null where it could not be had. */
  readonly differing: readonly string[] | null
}

const MIB = 2 ** 20
const LEAST_ROOM = 64 * MIB
const LITTLE_ROOM = 1024 * MIB
const MOST_OFFSET_MS = 2_000
/** Names of functions that are told. */
const MOST_NAMES = 6

/** One report a host, in the order of the configuration; of the cluster of a scheduler, of its head. */
export async function checkCluster(
  lab: Lab,
  cluster: Cluster,
  contact: Contact = {},
  how: Checking = {},
): Promise<HostReport[]> {
  if (how.image !== undefined && !isCloud(cluster.profile)) throw noImage(cluster)
  if (isScheduled(cluster)) return [await checkHead(lab, cluster, contact, how)]
  const reached = reach(await settled(cluster as Cluster<SshProfile | AskedProfile>, contact), contact)
  try {
    const reports = await Promise.all(reached.hosts.map((host) => checkHost(host)))
    return reports.map((report) => withNeighbours(report, reports))
  } finally {
    await reached.close()
  }
}

function noImage({ name, profile }: Cluster): RepriseError {
  return new RepriseError('usage', `is for tasks in containers, and ${profile.kind}:${name} has none`, {
    subject: '--image',
    remedy: 'Leave it out',
  })
}

async function checkHead(
  lab: Lab,
  cluster: SchedulerCluster,
  contact: Contact,
  how: Checking,
): Promise<HostReport> {
  const reached = await reachHead(lab, cluster, contact)
  try {
    return await checkHost(reached, (station) => schedulerChecks(station, cluster.profile, how))
  } finally {
    await reached.close()
  }
}

interface Opening {
  readonly name: string
  open(): Promise<Station>
}

/** `more` are checks of what else is wanted there. */
async function checkHost(
  { name, open }: Opening,
  more: (station: Station) => Promise<readonly Check[]> = async () => [],
): Promise<HostReport> {
  let station: Station
  let asked: number
  try {
    station = await open()
    asked = Date.now()
  } catch (error) {
    return { ...UNUSABLE, host: name, checks: [failed('reached', error)] }
  }
  try {
    const { facts, latencyMs } = station
    const clockOffsetMs = Math.round(facts.clock - asked + latencyMs / 2)
    const fingerprint = await station.fingerprint()
    const differing = fingerprintDifferences(fingerprintHere(), fingerprint)
    const checks = [
      well('reached', `${latencyWords(station.latencyMs)} away, as ${facts.user} on ${facts.host}`),
      well('Node', `${facts.node} (${facts.nodePath})`),
      clockCheck(clockOffsetMs),
      diskCheck(facts),
      well(
        'machine',
        `${facts.cores} ${facts.cores === 1 ? 'core' : 'cores'}, ${facts.cpu}, ${facts.platform} ${facts.arch}, ${bytesWords(facts.memory)} of memory`,
      ),
      fingerprintCheck(differing),
      ...(await more(station)),
    ]
    const state = checks.some((check) => check.state === 'bad')
      ? 'bad'
      : checks.some((check) => check.state === 'note')
        ? 'note'
        : 'well'
    return {
      host: name,
      state,
      checks,
      latencyMs: station.latencyMs,
      facts,
      clockOffsetMs,
      fingerprint,
      differing,
    }
  } catch (error) {
    return { ...UNUSABLE, host: name, checks: [failed('station', error)] }
  } finally {
    await station.close()
  }
}

const UNUSABLE = {
  state: 'bad',
  latencyMs: null,
  facts: null,
  clockOffsetMs: null,
  fingerprint: null,
  differing: null,
} as const

function well(name: string, found: string): Check {
  return { name, state: 'well', found, remedy: '' }
}

function failed(name: string, thrown: unknown): Check {
  const { message, subject, remedy } = toErrorRecord(thrown, 'engine')
  const told = thrown instanceof RepriseError && subject !== '' ? `${subject}: ${message}` : message
  return { name, state: 'bad', found: told, remedy }
}

function clockCheck(offsetMs: number): Check {
  const seconds = (Math.abs(offsetMs) / 1000).toFixed(1)
  const found = `${seconds} s ${offsetMs < 0 ? 'behind' : 'ahead of'} this machine’s clock`
  if (Math.abs(offsetMs) <= MOST_OFFSET_MS) return well('clock', found)
  return { name: 'clock', state: 'note', found, remedy: 'times in its logs are off by that; no result is' }
}

function diskCheck({ free, directory }: Facts): Check {
  const found = `${bytesWords(free)} free for ${directory}`
  if (free < LEAST_ROOM)
    return { name: 'disk', state: 'bad', found, remedy: 'Make room there, or name another directory' }
  if (free < LITTLE_ROOM) return { name: 'disk', state: 'note', found, remedy: 'that is little' }
  return well('disk', found)
}

function fingerprintCheck(differing: readonly string[]): Check {
  if (differing.length === 0) return well('arithmetic', 'the same bits as here')
  const more = differing.length - MOST_NAMES
  const names = `${differing.slice(0, MOST_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
  return {
    name: 'arithmetic',
    state: 'note',
    found: `other bits in ${names}`,
    remedy: 'of these only jobs with math: ‘native’ take notice',
  }
}

/** Says which hosts use one folder. */
function withNeighbours(report: HostReport, all: readonly HostReport[]): HostReport {
  const { facts } = report
  if (facts === null) return report
  const others = all.filter((other) => other !== report && other.facts?.directoryId === facts.directoryId)
  if (others.length === 0) return report
  const found = `shared with ${others.map(({ host }) => host).join(', ')}`
  return { ...report, checks: [...report.checks, well('folder', found)] }
}
