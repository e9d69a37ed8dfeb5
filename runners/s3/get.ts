/**
 * Getting an object: where the connection breaks, from where it broke on, as long as it is the same object; and never
 * without holding it against the SHA-256 that its key names, or that it was put with.
 */
import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { GetObjectCommand, type GetObjectCommandOutput } from '@aws-sdk/client-s3'
import { RepriseError } from '../../lib/errors.ts'
import type { Bucket } from './bucket.ts'
import { keyBelow, placeWords } from './place.ts'
import { digestIn, fromMetadata } from './put.ts'
import { nameOf, statusOf } from './refusal.ts'
import { pauseOf } from './retries.ts'

/** Times that an object is got as a whole, where its bytes are not those that were put. */
const TRIES = 3

/** What takes the pieces of an object, in order; `begin` is called before each try. */
export interface Sink {
  begin(): Promise<void> | void
  take(piece: Buffer): Promise<void> | void
}

/** `damaged`: what is there, as often as it was got, is not what was put there. */
export type Got = 'whole' | 'damaged' | 'absent'

/** Throws `storage` where it is larger than `most` bytes, or was not put by a store of this kind. */
export async function getInto(bucket: Bucket, key: string, most: number, sink: Sink): Promise<Got> {
  for (let time = 1; ; time++) {
    await sink.begin()
    const found = await first(bucket, key)
    if (found === null) return 'absent'
    const expected = digestIn(key) ?? fromMetadata(found.Metadata ?? {}).sha256
    const fail = (what: string, remedy: string) =>
      new RepriseError('storage', what, {
        subject: placeWords(bucket.place, keyBelow(bucket.place, key)),
        remedy,
      })
    const length = found.ContentLength ?? 0
    if (expected === null || length > most) (found.Body as { destroy?(): void } | undefined)?.destroy?.()
    if (expected === null)
      throw fail('is without the SHA-256 that Reprise puts with it', 'See who put it there; it is not read')
    if (length > most) throw fail(`has ${length} bytes, more than ${most}`, 'See who put it there')
    const hash = createHash('sha256')
    for await (const piece of piecesOf(bucket, key, found, length)) {
      hash.update(piece)
      await sink.take(piece)
    }
    if (hash.digest('hex') === expected) return 'whole'
    if (time === TRIES) return 'damaged'
  }
}

/** What is said of such an object. */
export const DAMAGED = 'its bytes are not those that were put there'

export function damaged(
  { place }: Bucket,
  key: string,
  code: 'storage' | 'not-intact' = 'storage',
): RepriseError {
  return new RepriseError(code, DAMAGED, {
    subject: placeWords(place, keyBelow(place, key)),
    remedy: 'Remove it, and have it put again',
  })
}

async function first(bucket: Bucket, key: string): Promise<GetObjectCommandOutput | null> {
  try {
    return await ask(bucket, key)
  } catch (error) {
    if (statusOf(error) === 404 && nameOf(error) !== 'NoSuchBucket') return null
    throw error
  }
}

function ask({ place, client, sending }: Bucket, key: string, more: { from?: number; tag?: string } = {}) {
  const { from = 0, tag } = more
  const get = new GetObjectCommand({
    Bucket: place.bucket,
    Key: keyBelow(place, key),
    ...(from === 0 ? {} : { Range: `bytes=${from}-` }),
    ...(tag === undefined ? {} : { IfMatch: tag }),
  })
  return client.send(get, sending)
}

/** All of it, however often the connection breaks, while something comes each so many times. */
async function* piecesOf(
  bucket: Bucket,
  key: string,
  found: GetObjectCommandOutput,
  length: number,
): AsyncGenerator<Buffer> {
  const { retries, signal } = bucket
  let answer = found
  let at = 0
  for (let failed = 0; ; ) {
    const before = at
    let broke: unknown = null
    try {
      // A service that knows no ranges begins anew.
      let skip = answer === found || answer.ContentRange?.startsWith(`bytes ${at}-`) ? 0 : at
      for await (const piece of answer.Body as AsyncIterable<Buffer>) {
        const rest = piece.subarray(Math.min(skip, piece.length))
        skip -= piece.length - rest.length
        if (rest.length === 0) continue
        at += rest.length
        if (at > length) throw damaged(bucket, key)
        yield rest
      }
    } catch (error) {
      if (error instanceof RepriseError) throw error
      signal?.throwIfAborted()
      broke = error
    }
    if (at === length) return
    failed = at > before ? 1 : failed + 1
    if (failed >= retries.attempts) throw broke ?? damaged(bucket, key)
    await pause(pauseOf(failed - 1, retries.pauseMs), undefined, signal === undefined ? {} : { signal })
    answer = await ask(bucket, key, { from: at, ...(found.ETag === undefined ? {} : { tag: found.ETag }) })
  }
}
