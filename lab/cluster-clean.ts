/**
 * Removes what Reprise keeps on the hosts of a cluster: the folder, but for unfinished runs, once where hosts share it; and in
 * its bucket, where it has one.
 */
import { type ErrorRecord, toErrorRecord } from '../lib/errors.ts'
import { placeId } from '../runners/detached/place-id.ts'
import type { S3Place } from '../runners/s3/place.ts'
import type { Station } from '../runners/station/station.ts'
import { type CleanedBucket, cleanBucket, releasedIn } from './bucket-clean.ts'
import { type Cluster, isCloud, isSsh } from './clusters.ts'
import { settled } from './host-list.ts'
import type { Lab } from './lab.ts'
import { openHeadOf } from './open-head.ts'
import { type Contact, reach } from './reach.ts'
import { reachHead } from './reach-head.ts'

export interface Cleaned {
  readonly host: string
  readonly directory: string | null
  /** Bytes. */
  readonly removed: number
  /** The host that has the same folder, and cleaned it. */
  readonly sharedWith: string | null
  readonly error: ErrorRecord | null
}

export interface CleanedCluster {
  /** One answer a host. What fails on one keeps nobody from the others. */
  readonly hosts: readonly Cleaned[]
  /** Null where the cluster has none. */
  readonly bucket: CleanedBucket | null
}

/** With `dryRun` nothing is removed, and told is what would be. */
export async function cleanCluster(
  lab: Lab,
  cluster: Cluster,
  dryRun: boolean,
  contact: Contact = {},
): Promise<CleanedCluster> {
  const { profile } = cluster
  const emptied = isCloud(profile) ? placeId(profile.store) : null
  const bucket = isCloud(profile) ? await cleanStore(lab, cluster, profile.store, dryRun) : null
  // what could not be removed there is found again by what the head knows
  if (bucket !== null && bucket.error !== null) return { hosts: [], bucket }
  return { hosts: await cleanHosts(lab, cluster, { dryRun, emptied }, contact), bucket }
}

/** First, since what the head knows of runs goes with its folder. */
async function cleanStore(
  lab: Lab,
  cluster: Cluster,
  store: S3Place,
  dryRun: boolean,
): Promise<CleanedBucket> {
  const open = await openHeadOf(lab, cluster, { execute: false })
  try {
    return await cleanBucket(lab, store, releasedIn(await open.head.runs(), store), dryRun)
  } finally {
    await open.close()
  }
}

interface Cleaning {
  readonly dryRun: boolean
  /** The place in which runs that are over have nothing any more. */
  readonly emptied: string | null
}

async function cleanHosts(lab: Lab, cluster: Cluster, how: Cleaning, contact: Contact): Promise<Cleaned[]> {
  const reached = isSsh(cluster)
    ? reach(await settled(cluster, { execute: false }), contact)
    : await onlyHead(lab, cluster, contact)
  try {
    const opened = await Promise.all(reached.hosts.map(opening))
    const stations = opened.filter(isOpened)
    const firstOf = (id: string) => stations.find(({ station }) => station.facts.directoryId === id)!
    const isFirst = (each: Opened) => firstOf(each.station.facts.directoryId) === each
    // A folder that another station is at work in is not cleaned.
    await Promise.all(stations.filter((each) => !isFirst(each)).map(({ station }) => station.close()))
    return await Promise.all(
      opened.map((each) => {
        if (!isOpened(each)) return each
        if (isFirst(each)) return cleaned(each, how)
        const { directory, directoryId } = each.station.facts
        return { host: each.name, directory, removed: 0, sharedWith: firstOf(directoryId).name, error: null }
      }),
    )
  } finally {
    await reached.close()
  }
}

/** Of the cluster of a scheduler: its head; of Slurm that has the folder that all nodes see. No project's program is executed for this. */
async function onlyHead(lab: Lab, cluster: Cluster, contact: Contact) {
  const head = await reachHead(lab, cluster, { ...contact, execute: false })
  return { hosts: [head], close: () => head.close() }
}

interface Opening {
  readonly name: string
  open(): Promise<Station>
}

interface Opened {
  readonly name: string
  readonly station: Station
}

const isOpened = (each: Opened | Cleaned): each is Opened => 'station' in each

async function opening({ name, open }: Opening): Promise<Opened | Cleaned> {
  try {
    return { name, station: await open() }
  } catch (error) {
    return { ...NOTHING, host: name, error: toErrorRecord(error, 'engine') }
  }
}

const NOTHING = { directory: null, removed: 0, sharedWith: null }

async function cleaned({ name, station }: Opened, { dryRun, emptied }: Cleaning): Promise<Cleaned> {
  const { directory } = station.facts
  try {
    return {
      host: name,
      directory,
      removed: await station.clean(dryRun, emptied),
      sharedWith: null,
      error: null,
    }
  } catch (error) {
    return { ...NOTHING, host: name, directory, error: toErrorRecord(error, 'storage') }
  } finally {
    await station.close()
  }
}
