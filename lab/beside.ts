/**
 * Files that a manifest names by their digest and that lie beside it, or in a lab. The folder may be from elsewhere: only
 * regular files of a known name count, no symbolic link is followed below it, and nothing that could block is opened.
 */
import { createHash } from 'node:crypto'
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  type Stats,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { RepriseError } from '../lib/errors.ts'
import type { Lab } from './lab.ts'

/** What a manifest may lead to: a capsule, leaves, an input, an object; and the results of a bundle. */
const NAMES = /^(?:[0-9a-f]{64}(?:\.mjs|\.leaves)?|(?:inputs|objects)\/[0-9a-f]{64}|chunks\.jsonl)$/
/** More than this is not read into memory. */
const MOST_BYTES = 2 ** 31 - 1
/** Read at once of a file that is only digested. */
const PIECE = 2 ** 20
const GENTLY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/** The path of the file with this name in the first of the folders that has it; null when none has. */
export function pathBeside(folders: readonly string[], name: string): string | null {
  if (!NAMES.test(name)) throw notIntact(name, 'is no name of a file that belongs to a manifest')
  for (const folder of folders) {
    const path = join(folder, name)
    if (name.includes('/') && kindOf(dirname(path))?.isSymbolicLink() === true)
      throw notIntact(dirname(path), 'is a symbolic link')
    const found = kindOf(path)
    if (found === null) continue
    if (!found.isFile())
      throw notIntact(path, found.isSymbolicLink() ? 'is a symbolic link' : 'is no regular file')
    return path
  }
  return null
}

/** The bytes of that file; null when none of the folders has it. Throws `not-intact` for one with more than `most` bytes. */
export function readBeside(
  folders: readonly string[],
  name: string,
  most: number = MOST_BYTES,
): Uint8Array | null {
  const path = pathBeside(folders, name)
  if (path === null) return null
  const file = openRegular(path)
  try {
    if (fstatSync(file).size > most) throw notIntact(path, `is larger than ${most} bytes`)
    return readFileSync(file)
  } finally {
    closeSync(file)
  }
}

/** The bytes of an input: in `inputs/` beside a manifest, beside it, or among those of the lab. */
export function readInput(folder: string, labInputs: string, digest: string): Uint8Array | null {
  return readBeside([folder], `inputs/${digest}`) ?? readBeside([folder, labInputs], digest)
}

/** Where a file that a manifest names lies: beside it, else in the lab; leaves only beside it. Null when it is not at hand. */
export function pathAtHand(lab: Lab, folder: string, name: string): string | null {
  if (name.endsWith('.leaves')) return pathBeside([folder], name)
  if (name.endsWith('.mjs')) return pathBeside([folder, lab.capsules], name)
  const bare = name.startsWith('inputs/') ? pathBeside([folder], name.slice(7)) : null
  return pathBeside([folder], name) ?? bare ?? pathBeside([lab.path], name)
}

/** The SHA-256 (hex) of each of these files that is at hand, however large it is. */
export function digestsAtHand(lab: Lab, folder: string, names: readonly string[]): Map<string, string> {
  const digests = new Map<string, string>()
  for (const name of names) {
    const path = pathAtHand(lab, folder, name)
    if (path !== null) digests.set(name, digestOf(path))
  }
  return digests
}

function digestOf(path: string): string {
  const file = openRegular(path)
  try {
    const hash = createHash('sha256')
    const piece = new Uint8Array(PIECE)
    for (;;) {
      const length = readSync(file, piece, 0, PIECE, null)
      if (length === 0) return hash.digest('hex')
      hash.update(piece.subarray(0, length))
    }
  } finally {
    closeSync(file)
  }
}

/** A descriptor of a regular file; what became something else since it was looked at is refused. */
export function openRegular(path: string): number {
  let file: number
  try {
    file = openSync(path, GENTLY)
  } catch (error) {
    throw new RepriseError('not-found', `cannot be opened (${(error as Error).message})`, { subject: path })
  }
  if (fstatSync(file).isFile()) return file
  closeSync(file)
  throw notIntact(path, 'is no regular file')
}

function kindOf(path: string): Stats | null {
  return lstatSync(path, { throwIfNoEntry: false }) ?? null
}

function notIntact(subject: string, what: string): RepriseError {
  return new RepriseError('not-intact', what, {
    subject,
    remedy: 'Put the file itself there, as it came with the manifest',
  })
}
