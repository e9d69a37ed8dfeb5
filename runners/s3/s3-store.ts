/**
 * A bucket of any S3-compatible service as a store: a key is an object below the place's prefix, put once (put.ts), got whole or
 * not at all (get.ts). Whether the service itself keeps a key from being put twice is found out at the first put.
 */
import { demandBeginning, demandKey, type FileStore } from '../array/store.ts'
import { type BucketOptions, openBucket } from './bucket.ts'
import { damaged, getInto } from './get.ts'
import { getFile } from './get-file.ts'
import { listed, removeKey, removeListed } from './list.ts'
import { keyBelow, type S3Place } from './place.ts'
import { digestIn, headOf, honoursPutOnce, PROBE_KEY, putOnce } from './put.ts'
import { putFile } from './put-file.ts'
import { telling } from './refusal.ts'
import type { Traffic } from './traffic.ts'

/** More than this is not read into memory, bytes. A part with the largest chunk that a record holds has less. */
const MOST_BYTES = 2 ** 30 + 2 ** 28

export interface S3Store extends FileStore {
  /** Bytes that went over the line. */
  readonly traffic: Traffic
  /** Whether the service keeps a key from being put twice, as it is found out at the first put. */
  putsOnce(): Promise<boolean>
  /** SHA-256 that a key was put with; null where there is no such key, or it was put by something else. */
  digest(key: string): Promise<string | null>
  /** Region of the bucket, as this machine's settings have it. */
  region(): Promise<string>
  /** All keys that begin so, with their bytes. */
  sizes(prefix: string): Promise<Map<string, number>>
  /** Throws `storage` also where it has more than `most` bytes. */
  getFile(key: string, path: string, most?: number): Promise<boolean>
  /** Ends its connections. */
  close(): void
}

export interface S3StoreOptions extends BucketOptions {
  /** Files larger than this are put in pieces of this size, bytes; at least 5 MiB. */
  readonly piece?: number
}

/** Opens it, which asks nobody anything. What it throws is `storage`, or `interrupted` after its signal. */
export function s3Store(place: S3Place, options: S3StoreOptions = {}): S3Store {
  const bucket = openBucket(place, options)
  const tell = <T>(key: string, action: () => Promise<T>) => telling(place, keyBelow(place, key), action)
  let honoured: Promise<boolean> | null = null
  const putsOnce = () => {
    honoured ??= tell('', () => honoursPutOnce(bucket))
    honoured.catch(() => {
      honoured = null
    })
    return honoured
  }
  const sizesOf = async (prefix: string) => {
    demandBeginning(prefix)
    const sizes = new Map<string, number>()
    for await (const { key, bytes } of listed(bucket, prefix)) sizes.set(key, bytes)
    return sizes
  }
  return {
    traffic: bucket.traffic,
    putsOnce,
    region: async () => bucket.client.config.region(),
    close: () => bucket.close(),

    put: (key, bytes) =>
      tell(key, async () => {
        demandKey(key)
        return putOnce(bucket, key, bytes, await putsOnce())
      }),

    get: (key) =>
      tell(key, async () => {
        demandKey(key)
        let pieces: Buffer[] = []
        const begin = () => {
          pieces = []
        }
        const got = await getInto(bucket, key, MOST_BYTES, {
          begin,
          take: (piece) => void pieces.push(piece),
        })
        if (got === 'absent') return null
        // Whoever reads what is named by its digest holds it against that, and knows what to do where it is damaged.
        if (got === 'damaged' && digestIn(key) === null) throw damaged(bucket, key)
        return Buffer.concat(pieces)
      }),

    list: (prefix) =>
      tell(prefix, async () => {
        return [...(await sizesOf(prefix)).keys()].sort()
      }),

    sizes: (prefix) => tell(prefix, () => sizesOf(prefix)),

    digest: (key) => tell(key, async () => (await headOf(bucket, key))?.sha256 ?? null),

    remove: (prefix) =>
      tell(prefix, async () => {
        demandBeginning(prefix)
        await removeListed(bucket, prefix)
        if (prefix === '') await removeKey(bucket, PROBE_KEY)
      }),

    putFile: (key, path) =>
      tell(key, async () => {
        demandKey(key)
        return putFile(bucket, key, path, await putsOnce(), options.piece)
      }),

    getFile: (key, path, most) =>
      tell(key, async () => {
        demandKey(key)
        return getFile(bucket, key, path, most)
      }),
  }
}
