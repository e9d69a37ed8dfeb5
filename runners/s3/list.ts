/**
 * Listing and removing. A listing that lags does no harm: a part that is not listed yet is listed later, or its chunks are executed
 * again and give the same bytes; one that is listed still and gone is read as absent; and whether a key is free, no
 * listing decides.
 */
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3'
import { KEY } from '../array/store.ts'
import type { Bucket } from './bucket.ts'
import { keyBelow } from './place.ts'
import { statusOf } from './refusal.ts'

/** Keys that are removed by one request. */
const BATCH = 1_000
/** Requests at once, where each removes one key. */
const AT_ONCE = 16

/** Keys that begin so, as the store has them, with their bytes: those that are keys of a store, in the order of the service. */
export async function* listed(
  { place, client, sending, page }: Bucket,
  prefix: string,
): AsyncGenerator<{ readonly key: string; readonly bytes: number }> {
  const root = keyBelow(place, '').length
  let from: string | undefined
  do {
    const list = new ListObjectsV2Command({
      Bucket: place.bucket,
      Prefix: keyBelow(place, prefix),
      EncodingType: 'url', // some names cannot be said in XML
      ...(page === undefined ? {} : { MaxKeys: page }),
      ...(from === undefined ? {} : { ContinuationToken: from }),
    })
    const { Contents = [], IsTruncated, NextContinuationToken } = await client.send(list, sending)
    for (const { Key = '', Size = 0 } of Contents) {
      const key = decoded(Key).slice(root)
      if (KEY.test(key) && key.startsWith(prefix)) yield { key, bytes: Size }
    }
    if (IsTruncated && (NextContinuationToken === undefined || NextContinuationToken === from))
      throw new Error('its listing has no end')
    from = IsTruncated ? NextContinuationToken : undefined
  } while (from !== undefined)
}

/** Removes the keys that begin so, and what is left of uploads that were never finished, for which one pays as well. */
export async function removeListed(bucket: Bucket, prefix: string): Promise<void> {
  let batch: string[] = []
  for await (const { key } of listed(bucket, prefix)) {
    batch.push(key)
    if (batch.length < BATCH) continue
    await removeKeys(bucket, batch)
    batch = []
  }
  await removeKeys(bucket, batch)
  await endUploads(bucket, prefix).catch(() => {}) // not every service has it, and not everybody may
}

export async function removeKeys(bucket: Bucket, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return
  const { place, client, sending } = bucket
  if (keys.length === 1) return removeKey(bucket, keys[0]!)
  const Objects = keys.map((key) => ({ Key: keyBelow(place, key) }))
  const remove = new DeleteObjectsCommand({ Bucket: place.bucket, Delete: { Objects, Quiet: true } })
  try {
    const { Errors = [] } = await client.send(remove, sending)
    const [wrong] = Errors.filter(({ Code }) => Code !== 'NoSuchKey')
    if (wrong !== undefined)
      throw Object.assign(new Error(wrong.Message ?? 'was not removed'), { name: wrong.Code ?? 'Error' })
  } catch (error) {
    if (![400, 405, 411, 501].includes(statusOf(error))) throw error
    for (
      let at = 0;
      at < keys.length;
      at += AT_ONCE // it removes no more than one at once
    )
      await Promise.all(keys.slice(at, at + AT_ONCE).map((key) => removeKey(bucket, key)))
  }
}

export async function removeKey({ place, client, sending }: Bucket, key: string): Promise<void> {
  await client.send(new DeleteObjectCommand({ Bucket: place.bucket, Key: keyBelow(place, key) }), sending)
}

async function endUploads({ place, client, sending }: Bucket, prefix: string): Promise<void> {
  const of = { Bucket: place.bucket, Prefix: keyBelow(place, prefix) }
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand(of), sending)
  for (const { Key, UploadId } of Uploads)
    if (Key?.startsWith(of.Prefix))
      await client.send(new AbortMultipartUploadCommand({ Bucket: place.bucket, Key, UploadId }), sending)
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '))
  } catch {
    return ''
  }
}
