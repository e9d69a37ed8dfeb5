/**
 * The two ends of a stream that travels in frames. The sender may have only so many bytes under way as the receiver
 * has granted, and is granted more as they are consumed: so one reader that stands still, or one engine that floods,
 * holds up neither the others nor memory.
 */
import { Readable, Writable } from 'node:stream'
import { MOST_DATA } from './frames.ts'

/** Bytes of one stream that may be under way: 40 MB/s where a round trip takes 50 ms. */
export const WINDOW = 2 * 2 ** 20
/** Credit is granted in portions, not for every piece. */
const PORTION = WINDOW / 4

/** What arrives. */
export class Inlet extends Readable {
  readonly #grant: (bytes: number) => void
  #consumed = 0
  /** What the sender may still send. */
  #granted = WINDOW
  /** Pushed beyond what the reader asked for. */
  #ahead = 0
  #over = false

  constructor(grant: (bytes: number) => void) {
    super({ highWaterMark: MOST_DATA })
    this.#grant = grant
  }

  /** Throws where there are more than the sender may have under way. */
  arrive(bytes: Buffer): void {
    if (this.#over) return
    this.#granted -= bytes.length
    if (this.#granted < 0) throw new Error('more came than was granted')
    if (this.push(bytes)) this.#consume(bytes.length)
    else this.#ahead += bytes.length
  }

  /** Nothing more will come. */
  close(): void {
    if (this.#over) return
    this.#over = true
    this.push(null)
  }

  override _read(): void {
    this.#consume(this.#ahead)
    this.#ahead = 0
  }

  #consume(bytes: number): void {
    this.#consumed += bytes
    if (this.#over || this.#consumed < PORTION) return
    this.#grant(this.#consumed)
    this.#granted += this.#consumed
    this.#consumed = 0
  }
}

/** What an outlet needs of the connection that it sends over. */
export interface Way {
  data(bytes: Buffer): void
  end(): void
  /** Calls back when there is room; at once where there is. */
  whenRoom(then: () => void): void
}

/** What is sent. */
export class Outlet extends Writable {
  readonly #way: Way
  #credit = WINDOW
  #waiting: (() => void) | null = null
  #discards = false

  constructor(way: Way) {
    super({ highWaterMark: MOST_DATA })
    this.#way = way
  }

  credit(bytes: number): void {
    this.#credit += bytes
    this.#wake()
  }

  /** The other end does not want it any more: from now on everything is swallowed. */
  discard(): void {
    this.#discards = true
    this.#wake()
  }

  #wake(): void {
    const then = this.#waiting
    this.#waiting = null
    then?.()
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    if (this.#discards || chunk.length === 0) {
      done()
      return
    }
    if (this.#credit === 0) {
      this.#waiting = () => this._write(chunk, _encoding, done)
      return
    }
    this.#way.whenRoom(() => {
      if (this.#discards) return done()
      const size = Math.min(chunk.length, this.#credit, MOST_DATA)
      this.#credit -= size
      this.#way.data(chunk.subarray(0, size))
      this._write(chunk.subarray(size), _encoding, done)
    })
  }

  override _final(done: (error?: Error | null) => void): void {
    if (!this.#discards) this.#way.end()
    done()
  }
}
