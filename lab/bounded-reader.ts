/**
 * A file as yauzl reads it, within its bounds: offsets that a ZIP file claims may be anything up to 2^64, and Node throws
 * for what is no offset where nobody can catch it.
 */
import { close, fstatSync, read } from 'node:fs'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { RandomAccessReader } from 'yauzl'
import { openRegular } from './beside.ts'

const PIECE = 2 ** 16
const readFrom = promisify(read)

export class BoundedReader extends RandomAccessReader {
  readonly size: number
  readonly #file: number
  #closed = false

  constructor(path: string) {
    super()
    this.#file = openRegular(path)
    this.size = fstatSync(this.#file).size
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    done: (error: Error | null, bytesRead?: number) => void,
  ): void {
    if (!this.#holds(position, position + length)) setImmediate(done, new Error('it points beyond its end'))
    else read(this.#file, buffer, offset, length, position, (error, count) => done(error, count))
  }

  override _readStreamForRange(start: number, end: number): Readable {
    if (!this.#holds(start, end)) throw new Error('it points beyond its end')
    return Readable.from(pieces(this.#file, start, end), { objectMode: false })
  }

  override close(done: (error: Error | null) => void): void {
    if (this.#closed) done(null)
    else {
      this.#closed = true
      close(this.#file, done)
    }
  }

  #holds(start: number, end: number): boolean {
    return Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && end <= this.size
  }
}

/** The bytes from `start` to `end`. The file stays open: it belongs to the reader. */
async function* pieces(file: number, start: number, end: number): AsyncGenerator<Buffer> {
  for (let at = start; at < end; ) {
    const piece = Buffer.allocUnsafe(Math.min(PIECE, end - at))
    const { bytesRead } = await readFrom(file, piece, 0, piece.length, at)
    if (bytesRead === 0) throw new Error('it became shorter')
    yield piece.subarray(0, bytesRead)
    at += bytesRead
  }
}
