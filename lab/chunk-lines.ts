/**
 * `chunks.jsonl`, the results of a bundle: one line a chunk, its exact bytes, ascending. Canonical JSON has no line feed,
 * so a line is a chunk. It is read line by line, and no line is held that could not be one.
 */
import { closeSync, readSync } from 'node:fs'
import { RepriseError } from '../lib/errors.ts'
import { openRegular } from './beside.ts'
import { claimedIndex } from './claimed-index.ts'

/** A longer line is no chunk; nor is a longer chunk put into a bundle. */
export const MAX_LINE = 2 ** 28
const PIECE = 2 ** 20
const LINE_FEED = 10

export interface ChunkLine {
  readonly chunk: number
  readonly bytes: Uint8Array
}

/** The file, open: it can be read for as long as it is, even where it has been removed meanwhile. */
export class ChunkFile {
  readonly #file: number
  #places: Places | undefined

  constructor(path: string) {
    this.#file = openRegular(path)
  }

  /** The chunks, each with the index that its line claims: whoever reads them checks it. Throws `not-intact`. */
  *chunks(): Generator<ChunkLine> {
    let last = -1
    for (const { bytes } of lines(this.#file)) {
      last = claimedIndex(bytes) ?? last + 1
      yield { chunk: last, bytes }
    }
  }

  /** The bytes of the line of that index, or null; a line that does not ascend is none. The file is read through once. */
  chunk(index: number): Uint8Array | null {
    this.#places ??= placesIn(this.#file)
    const { indices, starts, ends } = this.#places
    let [low, high] = [0, indices.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (indices[middle]! < index) low = middle + 1
      else high = middle
    }
    if (indices[low] !== index) return null
    const bytes = Buffer.allocUnsafe(ends[low]! - starts[low]!)
    for (let read = 0; read < bytes.length; ) {
      const length = readSync(this.#file, bytes, read, bytes.length - read, starts[low]! + read)
      if (length === 0) throw notIntact('became shorter while it was read')
      read += length
    }
    return bytes
  }

  close(): void {
    closeSync(this.#file)
  }
}

/** Where the lines of ascending indices lie. */
interface Places {
  readonly indices: number[]
  readonly starts: number[]
  readonly ends: number[]
}

function placesIn(file: number): Places {
  const places: Places = { indices: [], starts: [], ends: [] }
  for (const { bytes, start } of lines(file)) {
    const index = claimedIndex(bytes)
    if (index === null || index <= (places.indices.at(-1) ?? -1)) continue
    places.indices.push(index)
    places.starts.push(start)
    places.ends.push(start + bytes.length)
  }
  return places
}

function* lines(file: number): Generator<{ readonly bytes: Uint8Array; readonly start: number }> {
  let parts: Buffer[] = []
  let held = 0
  for (let at = 0; ; ) {
    const piece = Buffer.allocUnsafe(PIECE)
    const length = readSync(file, piece, 0, PIECE, at)
    if (length === 0) break
    at += length
    let start = 0
    for (;;) {
      const end = piece.subarray(0, length).indexOf(LINE_FEED, start)
      if (end < 0) break
      parts.push(piece.subarray(start, end))
      const bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts)
      yield { bytes, start: at - length + end - bytes.length }
      parts = []
      held = 0
      start = end + 1
    }
    parts.push(piece.subarray(start, length))
    held += length - start
    if (held > MAX_LINE) throw notIntact(`has a line of more than ${MAX_LINE} bytes`)
  }
  if (held > 0) throw notIntact('does not end with a line feed')
}

function notIntact(what: string): RepriseError {
  const remedy = 'Get it again from its source'
  return new RepriseError('not-intact', what, { subject: 'chunks.jsonl', remedy })
}
