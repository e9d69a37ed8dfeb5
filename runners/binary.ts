/**
 * Which runtime it is, to the byte: the SHA-256 of its executable. A version alone does not tell a distribution's build from
 * the project's own. It is a hundred megabytes, so whoever starts engines reads it once, beside their start, and no
 * engine has to. A command that starts engines would read it again each time: so the digest is kept in the user's cache, under
 * what the system says of the file, its time of change among it, which nobody can set.
 */
import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'

const READ_BYTES = 2 ** 20
/** What was changed so short a time ago could be changed again within the same tick of a file system's clock, ms. */
const FRESH_MS = 5_000

/** By what the system says of a file. */
const known = new Map<string, Promise<string>>()

/**
 * SHA-256 (hex) of the file at `path`, read once as long as it does not change; null where it cannot be read. `cache`: a folder
 * in which digests outlive this process.
 */
export async function binaryDigest(path: string, cache: string | null = null): Promise<string | null> {
  try {
    const { size, mtimeNs, ctimeNs, ctimeMs, ino, dev } = await stat(path, { bigint: true })
    const key = [path, size, mtimeNs, ctimeNs, ino, dev].join('\n')
    const isFresh = Date.now() - Number(ctimeMs) < FRESH_MS
    const digest = known.get(key) ?? digestOf(path, isFresh || cache === null ? null : fileIn(cache, key))
    known.set(key, digest)
    return await digest
  } catch {
    return null
  }
}

async function digestOf(path: string, kept: string | null): Promise<string> {
  const before = kept === null ? null : keptDigest(kept)
  if (before !== null) return before
  const hash = createHash('sha256')
  for await (const bytes of createReadStream(path, { highWaterMark: READ_BYTES }))
    hash.update(bytes as Buffer)
  const digest = hash.digest('hex')
  if (kept !== null) keep(kept, digest)
  return digest
}

function fileIn(cache: string, key: string): string {
  return join(cache, createHash('sha256').update(key).digest('hex'))
}

function keptDigest(kept: string): string | null {
  try {
    const text = readFileSync(kept, 'latin1')
    return /^[0-9a-f]{64}$/.test(text) ? text : null
  } catch {
    return null
  }
}

/** Keeps it where that can be done: whoever cannot reads the file again. */
function keep(kept: string, digest: string): void {
  const written = `${kept}.${randomBytes(6).toString('hex')}`
  try {
    mkdirSync(join(kept, '..'), { recursive: true, mode: 0o700 })
    writeFileSync(written, digest)
    renameSync(written, kept)
  } catch {
    rmSync(written, { force: true })
  }
}
