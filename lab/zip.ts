/**
 * Writes a ZIP file (by yazl) whose bytes depend on nothing but what is put in: fixed times, modes and order. Contents
 * are streamed at the pace of the disk. Zip64 where it is needed.
 */
import { createWriteStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'

/** A file that goes in: bytes that are there, or a stream of a known length. */
export type ZipSource =
  | { readonly name: string; readonly bytes: Uint8Array }
  | { readonly name: string; readonly size: number; open(): Readable }

/** Writes the files in this order; those named in `stored` are not compressed. */
export async function writeZip(
  path: string,
  sources: readonly ZipSource[],
  stored: ReadonlySet<string>,
): Promise<void> {
  const zip = new ZipFile()
  const written = pipeline(zip.outputStream, createWriteStream(path, { flags: 'wx', flush: true }))
  const fail = (error: Error) => (zip.outputStream as Readable).destroy(error)
  zip.on('error', fail)
  for (const source of sources) {
    const options = {
      mtime: new Date(1980, 0, 1), // written as local time: the same fields in every zone
      mode: 0o100644,
      forceDosTimestamp: true,
      compressionLevel: stored.has(source.name) ? 0 : 6,
    }
    if ('bytes' in source) zip.addBuffer(Buffer.from(source.bytes), source.name, options)
    else
      zip.addReadStreamLazy(source.name, { ...options, size: source.size }, (give) =>
        give(null, source.open().on('error', fail)),
      )
  }
  zip.end()
  await written
}
