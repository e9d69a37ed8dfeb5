/**
 * Putting a file: in one request where it is small, else in pieces, of which a few are in memory at once. Each piece is signed with
 * its SHA-256, so that the service refuses it where it came damaged; the SHA-256 of all of it is worked out before and put with it.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { Upload } from '@aws-sdk/lib-storage'
import { RepriseError } from '../../lib/errors.ts'
import type { Bucket } from './bucket.ts'
import { keyBelow } from './place.ts'
import { digestIn, headOf, metadataOf, newPutter, putOnce } from './put.ts'

/** A file up to this size is put at once; pieces of larger ones have this size, bytes. */
const PIECE = 16 * 2 ** 20
const MOST_PIECES = 10_000
/** Pieces in memory at once. */
const AT_ONCE = 2

/** False where the key is taken. Throws `storage` where the file's SHA-256 is not the one that the key names. */
export async function putFile(
  bucket: Bucket,
  key: string,
  path: string,
  honoured: boolean,
  piece = PIECE,
): Promise<boolean> {
  const { size } = await stat(path)
  if (size > piece) return putLarge(bucket, key, path, size, honoured, piece)
  const bytes = await readFile(path)
  demandDigest(key, path, createHash('sha256').update(bytes).digest('hex'))
  return putOnce(bucket, key, bytes, honoured)
}

async function putLarge(
  bucket: Bucket,
  key: string,
  path: string,
  size: number,
  honoured: boolean,
  piece: number,
): Promise<boolean> {
  if ((await headOf(bucket, key)) !== null) return false // before much is sent for nothing
  const sha256 = await digestOf(path)
  demandDigest(key, path, sha256)
  const { place, client, signal } = bucket
  const putter = newPutter()
  const ending = new AbortController()
  const end = () => ending.abort()
  signal?.throwIfAborted()
  signal?.addEventListener('abort', end, { once: true })
  const content = createReadStream(path)
  const upload = new Upload({
    client,
    queueSize: AT_ONCE,
    partSize: Math.max(piece, Math.ceil(size / MOST_PIECES)),
    abortController: ending,
    params: {
      Bucket: place.bucket,
      Key: keyBelow(place, key),
      Body: content,
      ContentLength: size,
      Metadata: metadataOf(sha256, putter),
      ...(honoured ? { IfNoneMatch: '*' } : {}),
    },
  })
  let failed: unknown = null
  try {
    await upload.done()
  } catch (error) {
    failed = error
  } finally {
    signal?.removeEventListener('abort', end)
    content.destroy()
  }
  signal?.throwIfAborted()
  // Whatever was answered to the last request, or was not: what is there decides.
  const there = await headOf(bucket, key)
  if (there === null) throw failed ?? new Error('it was put, and is not there')
  return there.putter === putter
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer)
  return hash.digest('hex')
}

function demandDigest(key: string, path: string, sha256: string): void {
  const named = digestIn(key)
  if (named !== null && named !== sha256)
    throw new RepriseError('storage', 'is not the file with the SHA-256 of its key', { subject: path })
}
