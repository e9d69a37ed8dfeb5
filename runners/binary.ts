/**
 * Which runtime it is, to the byte: the SHA-256 of its executable. A version alone does not tell a distribution's build from
 * the project's own. It is a hundred megabytes, so whoever starts engines reads it once, beside their start, and no
 * engine has to.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'

const READ_BYTES = 2 ** 20

/** By path, size and time of change. */
const known = new Map<string, Promise<string | null>>()

/** SHA-256 (hex) of the file at `path`, read once as long as it does not change; null where it cannot be read. */
export async function binaryDigest(path: string): Promise<string | null> {
  try {
    const { size, mtimeMs, ino } = await stat(path)
    const key = JSON.stringify([path, size, mtimeMs, ino])
    const digest = known.get(key) ?? digestOf(path)
    known.set(key, digest)
    return await digest
  } catch {
    return null
  }
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const bytes of createReadStream(path, { highWaterMark: READ_BYTES }))
    hash.update(bytes as Buffer)
  return hash.digest('hex')
}
