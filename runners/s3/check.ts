/** Whether a place can serve as a store: asked, written, read and removed from here, which takes some seconds at most. */
import { randomBytes } from 'node:crypto'
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3'
import { RepriseError } from '../../lib/errors.ts'
import { type BucketOptions, openBucket } from './bucket.ts'
import { removeKey } from './list.ts'
import { keyBelow, placeWords, type S3Place } from './place.ts'
import { honoursPutOnce, PROBE_KEY } from './put.ts'
import { telling } from './refusal.ts'
import { BRISK } from './retries.ts'

export interface S3Facts {
  /** As people write it. */
  readonly place: string
  readonly region: string
  /** Whether the service itself keeps a key from being put twice; without, keys of parts are safe all the same. */
  readonly putsOnce: boolean
  /** Whether keys may be removed, which `clean` needs. */
  readonly removes: boolean
}

/** Throws `storage` with what is wrong and what to do: credentials, bucket, rights, region, clock, way. */
export async function s3Check(place: S3Place, options: BucketOptions = {}): Promise<S3Facts> {
  const bucket = openBucket(place, { retries: BRISK, ...options })
  const key = `.check-${randomBytes(8).toString('hex')}` // no key of a store
  const { client, sending } = bucket
  const at = { Bucket: place.bucket, Key: keyBelow(place, key) }
  try {
    return await telling(place, keyBelow(place, ''), async () => {
      // A listing is answered in words where it is refused; looking for the bucket would not be.
      const list = { Bucket: place.bucket, Prefix: keyBelow(place, ''), MaxKeys: 1 }
      await client.send(new ListObjectsV2Command(list), sending)
      await client.send(new PutObjectCommand({ ...at, Body: key, ContentLength: key.length }), sending)
      const { Body } = await client.send(new GetObjectCommand(at), sending)
      if ((await Body?.transformToString()) !== key)
        throw new RepriseError('storage', 'what was put there is not what is there', {
          subject: placeWords(place, at.Key),
          remedy: 'See what is between this machine and the service',
        })
      const [putsOnce, region] = [await honoursPutOnce(bucket), await client.config.region()]
      const removes = await Promise.all([removeKey(bucket, key), removeKey(bucket, PROBE_KEY)]).then(
        () => true,
        () => false,
      )
      return { place: placeWords(place, place.prefix), region, putsOnce, removes }
    })
  } finally {
    bucket.close()
  }
}
