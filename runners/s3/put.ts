/**
 * Putting a key once. Where the service honours `If-None-Match: *`, it decides who was first. A lost answer is sent for again, and
 * then our own put may stand in the way: what was put carries a word drawn by lot, by which it is known.
 *
 * Where it is not honoured, the key is looked for before, and what is there is read back after. There are also services that honour
 * it, and do not decide between two that come in the same moment (OpenStack Swift); so keys that do not name their content are
 * read back everywhere. On services of both kinds two who put a key at once may still both be told that they were first, and
 * the later bytes stay: reading and writing alone cannot decide between them. That does no harm: keys of parts, programs
 * and content hold the SHA-256 of what is under them, so that all write the same bytes; orders and handles are written by
 * the head alone, which is one process at a time; and what was probed is named by its environment's digest, where being
 * told twice means probing twice.
 */
import { createHash, randomBytes } from 'node:crypto'
import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import type { Bucket } from './bucket.ts'
import { keyBelow } from './place.ts'
import { statusOf } from './refusal.ts'

/** The SHA-256 in the name of a part, a program, an input or a capsule: the end of its key. */
export function digestIn(key: string): string | null {
  return /(?:^|[/.])([0-9a-f]{64})(?:\.\w+)?$/.exec(key)?.[1] ?? null
}

/** Kept with each object: SHA-256 of its bytes, and the word of whoever put it. */
export const METADATA = { sha256: 'sha256', putter: 'putter' } as const

/** What is known of an object without its bytes. */
export interface ObjectFacts {
  readonly bytes: number
  readonly sha256: string | null
  readonly putter: string | null
}

/** A key that is no key of a store, so that it is not listed. */
export const PROBE_KEY = '.put-once'

/**
 * Whether the service lets a key be put only once, found out by putting one: the first who asks puts it twice; where it
 * was put before, once is enough.
 */
export async function honoursPutOnce(bucket: Bucket): Promise<boolean> {
  const Key = keyBelow(bucket.place, PROBE_KEY)
  for (let time = 0; time < 2; time++) {
    try {
      await bucket.client.send(
        new PutObjectCommand({ Bucket: bucket.place.bucket, Key, ContentLength: 0, IfNoneMatch: '*' }),
        bucket.sending,
      )
    } catch (error) {
      if (statusOf(error) === 412) return true
      if ([400, 405, 501].includes(statusOf(error)) && time === 0) return false // it does not know the header
      throw error
    }
  }
  return false
}

/** Puts bytes under a key; false where it is taken. `honoured`: as was found out by `honoursPutOnce`. */
export async function putOnce(
  bucket: Bucket,
  key: string,
  bytes: Uint8Array,
  honoured: boolean,
): Promise<boolean> {
  const { place, client, sending } = bucket
  if (!honoured && (await headOf(bucket, key)) !== null) return false
  const putter = newPutter()
  const put = new PutObjectCommand({
    Bucket: place.bucket,
    Key: keyBelow(place, key),
    Body: bytes,
    ContentLength: bytes.length,
    ContentMD5: createHash('md5').update(bytes).digest('base64'),
    Metadata: metadataOf(createHash('sha256').update(bytes).digest('hex'), putter),
    ...(honoured ? { IfNoneMatch: '*' } : {}),
  })
  try {
    await client.send(put, sending)
  } catch (error) {
    if (statusOf(error) !== 412) throw error
    return (await headOf(bucket, key))?.putter === putter
  }
  if (honoured && digestIn(key) !== null) return true
  const there = await headOf(bucket, key)
  return there === null || there.putter === putter // a service may take a moment to show what it has taken
}

export function newPutter(): string {
  return randomBytes(12).toString('hex')
}

export function metadataOf(sha256: string, putter: string): Record<string, string> {
  return { [METADATA.sha256]: sha256, [METADATA.putter]: putter }
}

/** Null where there is no such key. */
export async function headOf({ place, client, sending }: Bucket, key: string): Promise<ObjectFacts | null> {
  try {
    const head = new HeadObjectCommand({ Bucket: place.bucket, Key: keyBelow(place, key) })
    const { ContentLength = 0, Metadata = {} } = await client.send(head, sending)
    return { bytes: ContentLength, ...fromMetadata(Metadata) }
  } catch (error) {
    if (statusOf(error) === 404) return null
    throw error
  }
}

export function fromMetadata(metadata: Readonly<Record<string, string>>): Omit<ObjectFacts, 'bytes'> {
  const [sha256, putter] = [metadata[METADATA.sha256], metadata[METADATA.putter]]
  return { sha256: sha256 ?? null, putter: putter ?? null }
}
