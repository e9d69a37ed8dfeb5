/**
 * The verbs `lacking` and `put`: content by its SHA-256. What lies there under a digest is believed only once its bytes
 * have been read and digested, and what arrives gets its name only after that and after it is on disk.
 */
import { createHash } from 'node:crypto'
import { constants, rmSync } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { RepriseError } from '../../../lib/errors.ts'
import type { Verb } from './answer.ts'
import { folderIn, KEPT, type Kind, keptPath } from './folder.ts'
import { partPath, storageError, sweepParts, syncFolder } from './whole.ts'

const READ_BYTES = 2 ** 20

/** By path: what the file looked like when its bytes were found to be right. */
const checked = new Map<string, string>()

/** Digests of those of `contents` that are to be sent. A file whose bytes are others than its name says is removed. */
export const lacking: Verb = async ({ contents }, _exchange, { directory }) => {
  const digests: string[] = []
  for (const { kind, sha256 } of Array.isArray(contents) ? contents : []) {
    const path = keptPath(directory, kind, sha256)
    folderIn(directory, KEPT[kind as Kind].folder)
    if (await isIntact(path, sha256)) continue
    rmSync(path, { force: true })
    digests.push(sha256)
  }
  return digests
}

/** True where a regular file lies at `path` that has this digest. */
export async function isIntact(path: string, sha256: string): Promise<boolean> {
  let file: FileHandle
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ELOOP') return false
    throw storageError(path, error)
  }
  try {
    const state = await file.stat()
    const looks = JSON.stringify([state.ino, state.size, state.mtimeMs, state.ctimeMs])
    if (!state.isFile()) return false
    if (checked.get(path) === looks) return true
    const hash = createHash('sha256')
    const bytes = file.createReadStream({ highWaterMark: READ_BYTES, autoClose: false })
    for await (const piece of bytes) hash.update(piece as Buffer)
    if (hash.digest('hex') !== sha256) return false
    checked.set(path, looks)
    return true
  } finally {
    await file.close()
  }
}

export const put: Verb = async ({ kind, sha256, bytes }, { input, signal }, { directory }) => {
  const path = keptPath(directory, kind as Kind, sha256)
  const folder = folderIn(directory, KEPT[kind as Kind].folder)
  const part = partPath(path)
  try {
    const file = await open(part, 'wx', 0o600)
    try {
      sweepParts(folder, (await file.stat()).mtimeMs)
      await receive(input, file, String(sha256), Number(bytes))
      signal.throwIfAborted()
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(part, path)
    syncFolder(folder)
  } catch (error) {
    await rm(part, { force: true })
    throw storageError(path, error)
  }
}

/** Writes what comes to a file, and refuses it where it is not what it was said to be. */
async function receive(input: Readable, file: FileHandle, sha256: string, bytes: number): Promise<void> {
  const hash = createHash('sha256')
  let got = 0
  for await (const piece of input) {
    got += (piece as Buffer).length
    if (got > bytes) break
    hash.update(piece as Buffer)
    await file.writeFile(piece as Buffer)
  }
  if (got === bytes && hash.digest('hex') === sha256) return
  throw new RepriseError(
    'not-intact',
    `what was sent (${got} of ${bytes} bytes) is not the file with this SHA-256`,
    {
      subject: sha256,
      remedy: 'See whether the file changed meanwhile, and whether something between the hosts changes bytes',
    },
  )
}
