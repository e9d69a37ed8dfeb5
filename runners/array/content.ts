/**
 * How a task comes to the files of its order: as paths of a folder that its node sees, or out of the store into a folder of its
 * own, once, before its engines are started. What comes out of the store is checked against its SHA-256.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { RepriseError } from '../../lib/errors.ts'
import { CONTENT } from './layout.ts'
import type { FileStore } from './store.ts'

/** Path of what an order names, a path or a key. Throws `not-found`, `not-intact`, `storage`. */
export type Content = (named: string) => Promise<string>

/** For tasks whose nodes see the same paths as whoever ordered. */
export const pathsAsTheyAre: Content = async (named) => {
  if (isAbsolute(named)) return named
  throw new RepriseError('not-intact', 'is no path', { subject: named.slice(0, 100) })
}

/** For tasks that see nothing but the store: files in `folder`, which must be there. */
export function filesFrom(store: FileStore, folder: string): Content {
  return async (key) => {
    const sha256 = CONTENT.exec(key)?.[1]
    if (sha256 === undefined)
      throw new RepriseError('not-intact', 'is no key of content', { subject: key.slice(0, 100) })
    const path = join(folder, sha256)
    if (!(await store.getFile(key, path)))
      throw new RepriseError('not-found', 'is not in the store', { subject: key })
    if ((await digestOf(path)) === sha256) return path
    throw new RepriseError('not-intact', 'is not the content of its digest', { subject: key })
  }
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash)
  return hash.digest('hex')
}
