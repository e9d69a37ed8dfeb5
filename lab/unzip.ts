/**
 * Reads a ZIP file from anywhere (by yauzl), hostile until shown otherwise. Before a byte of it is taken out, its whole
 * directory is checked: exact names, each once; regular files, stored or deflated; local headers that say the same;
 * contents that do not overlap; sizes in a sane proportion. What comes out is counted against what was declared.
 */
import { realpathSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { type Entry, fromRandomAccessReaderPromise, type LocalFileHeader, type ZipFile } from 'yauzl'
import { RepriseError } from '../lib/errors.ts'
import { BoundedReader } from './bounded-reader.ts'

/** More files than this are in no bundle. */
export const MAX_ENTRIES = 20_000
/** A file that grows more than so many times is stored, not deflated; a writer heeds it, and a reader refuses others. */
export const MAX_GROWTH = 100
/** What is small altogether may be as dense as it likes. */
const SMALL = 16 * 2 ** 20

const ENCRYPTED = 0x2041
const SIZES_FOLLOW = 0x08
const UNKNOWN = 0xffff_ffff
const LARGER = 0x0001

/** A file in a ZIP file. */
export interface ZipEntry {
  readonly name: string
  /** In bytes, when it is out. */
  readonly size: number
  readonly compressed: number
  readonly entry: Entry
}

type Allowed = (name: string) => number | null

/** A ZIP file that has been checked. */
export class Archive {
  readonly entries: readonly ZipEntry[]
  readonly #zip: ZipFile

  private constructor(zip: ZipFile, entries: readonly ZipEntry[]) {
    this.#zip = zip
    this.entries = entries
  }

  /**
   * Opens and checks a ZIP file; `allowed` gives the most bytes that a name may have, or null where it may not be. Whoever
   * looks at what he has written himself may allow any growth.
   */
  static async open(path: string, allowed: Allowed, growth: number = MAX_GROWTH): Promise<Archive> {
    const reader = new BoundedReader(realpathSync(path))
    return asNotIntact(async () => {
      try {
        const options = { lazyEntries: true, autoClose: false, decodeStrings: false }
        const zip = await fromRandomAccessReaderPromise(reader, reader.size, options)
        return new Archive(zip, await checkedEntries(zip, allowed, growth))
      } catch (error) {
        reader.close(() => {})
        throw error
      }
    })
  }

  /** What a file holds; the stream fails as soon as that is more, or in the end less, than was declared. */
  async content({ entry }: ZipEntry): Promise<Readable> {
    return asNotIntact(() => this.#zip.openReadStreamPromise(entry))
  }

  close(): void {
    this.#zip.close()
  }
}

/** Whether a file grows more than it may when it comes out. */
export function growsTooMuch({ size, compressed }: ZipEntry, growth: number = MAX_GROWTH): boolean {
  return size > growth * compressed
}

async function checkedEntries(zip: ZipFile, allowed: Allowed, growth: number): Promise<readonly ZipEntry[]> {
  if (zip.entryCount > MAX_ENTRIES) throw bad('', `claims to hold ${zip.entryCount} files`)
  if (zip.comment.length > 0) throw bad('', 'has a comment')
  const entries: ZipEntry[] = []
  const names = new Set<string>()
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileNameRaw.toString('latin1')
    const most = allowed(name)
    if (most === null) throw bad(name, 'does not belong into a bundle')
    if (names.has(name)) throw bad(name, 'is there twice')
    names.add(name)
    checkEntry(name, entry, most)
    entries.push({ name, size: entry.uncompressedSize, compressed: entry.compressedSize, entry })
  }
  const total = entries.reduce((sum, { size }) => sum + size, 0)
  const dense = entries.find((entry) => growsTooMuch(entry, growth))
  if (dense !== undefined && total > SMALL) throw bad(dense.name, `would grow to ${dense.size} bytes`)
  await checkPlaces(zip, entries)
  return entries
}

function checkEntry(name: string, entry: Entry, most: number): void {
  if ((entry.generalPurposeBitFlag & ENCRYPTED) !== 0) throw bad(name, 'is encrypted')
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8)
    throw bad(name, `is compressed by method ${entry.compressionMethod}`)
  const kind = entry.externalFileAttributes >>> 28
  if (kind !== 0 && kind !== 8) throw bad(name, 'is no regular file')
  if (entry.uncompressedSize > most) throw bad(name, `claims ${entry.uncompressedSize} bytes`)
}

/** Each local header says what the directory says, and no content lies in another or in the directory. */
async function checkPlaces(zip: ZipFile, entries: readonly ZipEntry[]): Promise<void> {
  const places: { start: number; end: number }[] = []
  for (const { name, entry } of entries) {
    const local = await zip.readLocalFileHeaderPromise(entry)
    if (!agrees(local, entry)) throw bad(name, 'has a local header that says something else')
    places.push({
      start: entry.relativeOffsetOfLocalHeader,
      end: local.fileDataStart + entry.compressedSize,
    })
  }
  places.sort((a, b) => a.start - b.start)
  if (places.some(({ start }, i) => i > 0 && start < places[i - 1]!.end))
    throw bad('', 'holds files that overlap')
}

function agrees(local: LocalFileHeader, entry: Entry): boolean {
  const same = (here: number, there: number) =>
    here === there || (here === UNKNOWN && there >= UNKNOWN) || (here === UNKNOWN && hasLarger(local))
  const follow = (local.generalPurposeBitFlag & SIZES_FOLLOW) !== 0
  return (
    local.fileName.equals(entry.fileNameRaw) &&
    local.compressionMethod === entry.compressionMethod &&
    local.generalPurposeBitFlag === entry.generalPurposeBitFlag &&
    ((follow && local.compressedSize === 0) || same(local.compressedSize, entry.compressedSize)) &&
    ((follow && local.uncompressedSize === 0) || same(local.uncompressedSize, entry.uncompressedSize)) &&
    ((follow && local.crc32 === 0) || local.crc32 === entry.crc32)
  )
}

/** Whether the sizes are in a field for large ones. */
function hasLarger({ extraField }: LocalFileHeader): boolean {
  return extraField.length >= 4 && extraField.readUInt16LE(0) === LARGER
}

/** What yauzl and zlib say of a file, as an error of the record. */
export async function asNotIntact<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    if (error instanceof RepriseError) throw error
    throw bad('', `cannot be read (${(error as Error).message})`)
  }
}

/** An error about a file of the bundle, or the bundle itself. */
export function bad(name: string, what: string): RepriseError {
  return new RepriseError('not-intact', what, {
    subject: name === '' ? 'bundle' : `bundle, ${JSON.stringify(name.slice(0, 100))}`,
    remedy: 'Get the bundle again from its source',
  })
}
