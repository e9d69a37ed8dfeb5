/** Getting an object into a file, which is there whole or not at all: a temporary name beside it, fsync, then its own name. */
import { randomBytes } from 'node:crypto'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { RepriseError } from '../../lib/errors.ts'
import { syncFolder } from '../detached/written.ts'
import type { Bucket } from './bucket.ts'
import { damaged, getInto } from './get.ts'

/**
 * False where there is no such key. Throws `not-intact` where it is not what was put there, `storage` also where it is larger than
 * `most` bytes, and leaves no file.
 */
export async function getFile(
  bucket: Bucket,
  key: string,
  path: string,
  most = Number.MAX_SAFE_INTEGER,
): Promise<boolean> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
  const file = await onDisk(path, () => open(temporary, 'wx', 0o600))
  let at = 0
  try {
    const got = await getInto(bucket, key, most, {
      async begin() {
        at = 0
        await onDisk(path, () => file.truncate())
      },
      async take(piece) {
        await onDisk(path, () => writeAll(file, piece, at))
        at += piece.length
      },
    })
    if (got === 'absent') return false
    if (got === 'damaged') throw damaged(bucket, key, 'not-intact')
    await onDisk(path, async () => {
      await file.sync()
      await rename(temporary, path)
      syncFolder(dirname(path))
    })
    return true
  } finally {
    await file.close()
    await rm(temporary, { force: true })
  }
}

async function writeAll(file: FileHandle, piece: Buffer, position: number): Promise<void> {
  for (let at = 0; at < piece.length; )
    at += (await file.write(piece, at, piece.length - at, position + at)).bytesWritten
}

async function onDisk<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (cause) {
    throw new RepriseError('storage', (cause as Error).message, {
      subject: path,
      remedy: 'See that its disk has room and may be written to',
      cause,
    })
  }
}
