/**
 * Files and folders outside of the lab, which are there whole or not at all: a folder is filled under another name beside
 * its place and put there in one rename. What is there already is the user's, and stays.
 */
import { createHash, randomBytes } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { RepriseError } from '../lib/errors.ts'
import { storageError, syncFolder, writeDurably } from './durable.ts'
import { sha256Of } from './objects.ts'

/** A file that was written. */
export interface WrittenFile {
  /** Below the exported folder, or the file's own name; never a path of this machine. */
  readonly path: string
  readonly sha256: string
  readonly bytes: number
}

/** Throws `refused` where a folder could not be made without touching what is there. */
export function checkFreeFolder(target: string): void {
  const there = lstatSync(target, { throwIfNoEntry: false })
  if (there === undefined || (there.isDirectory() && readdirSync(target).length === 0)) return
  const what = there.isDirectory() ? 'is there already, and not empty' : 'is there already, and no folder'
  throw new RepriseError('refused', what, { subject: target, remedy: 'Name a folder that is not there yet' })
}

/** Throws `storage` where there is no folder to put the target into. */
export function demandFolder(target: string): void {
  const folder = dirname(resolve(target))
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined)
    throw new RepriseError('storage', 'there is no such folder', {
      subject: folder,
      remedy: 'Make it first',
    })
}

/** Throws `refused` where a file would replace another and `force` does not say that it may. */
export function checkFreeFile(target: string, force: boolean): void {
  const there = lstatSync(target, { throwIfNoEntry: false })
  if (there === undefined || (there.isFile() && force)) return
  throw new RepriseError('refused', there.isFile() ? 'is there already' : 'is there already, and no file', {
    subject: target,
    remedy: there.isFile() ? 'Name another file, or replace it with --force' : 'Name another file',
  })
}

/** Writes a file. */
export function writeWholeFile(target: string, text: string): WrittenFile {
  const bytes = Buffer.from(text, 'utf8')
  writeDurably(resolve(target), bytes)
  return { path: basename(target), sha256: sha256Of(bytes), bytes: bytes.length }
}

/** Puts one file into a folder in the making; `path` is below it, with `/`. Pieces are written as they come. */
export type Put = (path: string, content: Uint8Array | string | Iterable<string>) => WrittenFile

/** Makes a folder of what `fill` puts into it. When that throws, nothing is left. */
export function writeWholeFolder<T>(target: string, fill: (put: Put) => T): T {
  const making = beginFolder(target)
  try {
    const filled = fill(making.put)
    making.finish()
    return filled
  } catch (error) {
    throw making.abandon(error)
  }
}

/** The same for what takes its time; files that others write into the `folder` are theirs to make durable. */
export async function fillWholeFolder<T>(
  target: string,
  fill: (put: Put, folder: string) => Promise<T>,
): Promise<T> {
  const making = beginFolder(target)
  try {
    const filled = await fill(making.put, making.folder)
    making.finish()
    return filled
  } catch (error) {
    throw making.abandon(error)
  }
}

interface Making {
  readonly folder: string
  readonly put: Put
  finish(): void
  /** Removes what is there and gives the error to throw. */
  abandon(error: unknown): unknown
}

function beginFolder(target: string): Making {
  const place = resolve(target)
  const making = join(dirname(place), `.${basename(place)}.${randomBytes(6).toString('hex')}.tmp`)
  const folders = new Set([making])
  try {
    mkdirSync(making)
  } catch (error) {
    throw storageError(target, error)
  }
  return {
    folder: making,
    put(path, content) {
      const folder = dirname(join(making, path))
      if (!folders.has(folder)) mkdirSync(folder, { recursive: true })
      folders.add(folder)
      return writeNew(join(making, path), path, content)
    },
    finish() {
      for (const folder of folders) syncFolder(folder)
      renameSync(making, place) // takes the place of an empty folder, and of nothing else
      syncFolder(dirname(place))
    },
    abandon(error) {
      rmSync(making, { recursive: true, force: true })
      return 'errno' in (error as object) ? storageError(target, error) : error
    },
  }
}

function writeNew(file: string, path: string, content: Uint8Array | string | Iterable<string>): WrittenFile {
  const hash = createHash('sha256')
  let bytes = 0
  const descriptor = openSync(file, 'wx')
  try {
    for (const piece of piecesOf(content)) {
      hash.update(piece)
      for (let at = 0; at < piece.length; ) at += writeSync(descriptor, piece, at)
      bytes += piece.length
    }
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  return { path, sha256: hash.digest('hex'), bytes }
}

/** Pieces worth a system call. */
function* piecesOf(content: Uint8Array | string | Iterable<string>): Generator<Uint8Array> {
  if (content instanceof Uint8Array) yield content
  else if (typeof content === 'string') yield Buffer.from(content, 'utf8')
  else {
    let piece = ''
    for (const part of content) {
      piece += part
      if (piece.length < 65_536) continue
      yield Buffer.from(piece, 'utf8')
      piece = ''
    }
    yield Buffer.from(piece, 'utf8')
  }
}
