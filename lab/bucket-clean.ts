/**
 * Removes from a bucket what runs have there that are over and all of which is elsewhere: in this lab, or in another that told
 * the head so. A bucket is shared, so of a run that neither knows nothing is touched; nor of one that this lab is not done with, whatever
 * a head says: it may have been given up there and be at work in the same bucket by another cluster.
 */
import { type ErrorRecord, toErrorRecord } from '../lib/errors.ts'
import { placeId } from '../runners/detached/place-id.ts'
import type { FarRun } from '../runners/detached/status.ts'
import { isRunName } from '../runners/detached/submission.ts'
import type { S3Place } from '../runners/s3/place.ts'
import { type Lab, matchRun } from './lab.ts'
import { stateOrDamage } from './state.ts'

export interface CleanedBucket {
  /** As people write it. */
  readonly place: string
  /** Runs whose keys were removed, or would be. */
  readonly removed: readonly string[]
  /** Runs that are there still. */
  readonly kept: readonly string[]
  /** Keys that were removed, or would be. */
  readonly keys: number
  readonly error: ErrorRecord | null
}

/** `released` are runs of which the head knows that they were collected. */
export async function cleanBucket(
  lab: Lab,
  place: S3Place,
  released: ReadonlySet<string>,
  dryRun: boolean,
): Promise<CleanedBucket> {
  const { s3Store } = await import('../runners/s3/s3-store.ts')
  const { placeWords } = await import('../runners/s3/place.ts')
  const at = { place: placeWords(place, place.prefix) }
  const [removed, kept]: [string[], string[]] = [[], []]
  let keys = 0
  const store = s3Store(place)
  try {
    const counts = new Map<string, number>()
    for (const key of await store.list(RUNS)) {
      const run = key.slice(RUNS.length).split('/', 1)[0]!
      if (isRunName(run)) counts.set(run, (counts.get(run) ?? 0) + 1)
    }
    for (const [run, count] of counts) {
      if (!(isWholeHere(lab, run) ?? released.has(run))) {
        kept.push(run)
        continue
      }
      if (!dryRun) await store.remove(`${RUNS}${run}/`)
      keys += count
      removed.push(run)
    }
    return { ...at, removed, kept, keys, error: null }
  } catch (error) {
    return { ...at, removed, kept, keys, error: toErrorRecord(error, 'storage') }
  } finally {
    store.close()
  }
}

const RUNS = 'runs/'

/** Runs that are over and were collected, of those that have keys in this place; those of version 0.6 do not say where they have any. */
export function releasedIn(runs: readonly FarRun[], place: S3Place): ReadonlySet<string> {
  const id = placeId(place)
  const there = runs.filter(
    ({ released, elsewhere }) => released === true && (elsewhere === undefined || elsewhere.includes(id)),
  )
  return new Set(there.map(({ run }) => run))
}

/** Null where this lab does not know it. */
function isWholeHere(lab: Lab, run: string): boolean | null {
  const folder = matchRun(lab, run)
  if (folder === null) return null
  const { state } = stateOrDamage(folder)
  return state === 'sealed' || state === 'sampled'
}
