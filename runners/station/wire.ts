/**
 * One connection between the near side and a station, seen from either end: messages of calls and the streams of calls,
 * in frames over a pair of byte streams. It counts what passes, notes when it heard of the other end, and ends once.
 */
import type { Readable, Writable } from 'node:stream'
import { CREDIT, DATA, END, encodeCredit, encodeFrame, FrameCutter, MESSAGE } from './frames.ts'
import { Inlet, Outlet } from './streams.ts'

/** The streams of a call, seen from whoever calls: what it is given, what it prints, what it prints besides. */
export const INPUT = 0
export const OUTPUT = 1
export const ERRORS = 2
const STREAMS = 4

const NOTHING = new Uint8Array(0)

export class Wire {
  /** Settles with words when the connection is over. */
  readonly over: Promise<string>
  /** Bytes since the beginning, both ways. */
  sent = 0
  received = 0
  readonly #from: Readable
  readonly #to: Writable
  readonly #inlets = new Map<number, Inlet>()
  readonly #outlets = new Map<number, Outlet>()
  readonly #waiting: (() => void)[] = []
  #full = false
  #ended = false
  #tell: (how: string) => void = () => {}

  /** `heard` is called for whatever arrives; `message` with what a call is told, `closed` when nothing more will. */
  constructor(
    from: Readable,
    to: Writable,
    on: { heard(): void; message(call: number, message: unknown): void; closed?(): void },
  ) {
    this.#from = from
    this.#to = to
    this.over = new Promise((resolve) => {
      this.#tell = resolve
    })
    const cutter = new FrameCutter((type, number, content) => {
      if (type === MESSAGE) on.message(number, JSON.parse(content.toString('utf8')))
      else if (type === DATA) this.#inlets.get(number)?.arrive(content)
      else if (type === END) this.#close(number)
      else if (type === CREDIT) this.#outlets.get(number)?.credit(content.readUInt32BE(0))
    })
    from.on('data', (bytes: Buffer) => {
      if (this.#ended) return
      this.received += bytes.length
      on.heard()
      try {
        cutter.push(bytes)
      } catch (error) {
        this.end((error as Error).message)
      }
    })
    const closed = on.closed ?? (() => this.end('it was closed'))
    for (const event of ['end', 'close']) from.on(event, closed)
    from.on('error', (error) => this.end(error.message))
    to.on('error', (error) => this.end(error.message))
    to.on('drain', () => {
      this.#full = false
      while (!this.#full && this.#waiting.length > 0) this.#waiting.shift()!()
    })
  }

  message(call: number, message: unknown): void {
    this.#write(encodeFrame(MESSAGE, call, Buffer.from(JSON.stringify(message))))
  }

  inlet(call: number, which: number): Inlet {
    const number = call * STREAMS + which
    const inlet = new Inlet((bytes) => this.#write(encodeCredit(number, bytes)))
    if (this.#ended) inlet.close()
    else this.#inlets.set(number, inlet)
    return inlet
  }

  outlet(call: number, which: number): Outlet {
    const number = call * STREAMS + which
    const outlet = new Outlet({
      data: (bytes) => this.#write(encodeFrame(DATA, number, bytes)),
      end: () => this.#write(encodeFrame(END, number, NOTHING)),
      whenRoom: (then) => {
        if (this.#full) this.#waiting.push(then)
        else then()
      },
    })
    if (this.#ended) outlet.discard()
    else this.#outlets.set(number, outlet)
    return outlet
  }

  /** The call is over: what still comes for it is dropped, what is still written for it is swallowed. */
  forget(call: number): void {
    for (let which = 0; which < STREAMS; which++) {
      const number = call * STREAMS + which
      this.#close(number)
      this.#outlets.get(number)?.discard()
      this.#outlets.delete(number)
    }
  }

  end(how: string): void {
    if (this.#ended) return
    this.#ended = true
    for (const inlet of this.#inlets.values()) inlet.close()
    for (const outlet of this.#outlets.values()) outlet.discard()
    this.#inlets.clear()
    this.#outlets.clear()
    for (const then of this.#waiting.splice(0)) then()
    this.#from.resume() // what still arrives is read and dropped
    this.#tell(how)
  }

  #close(number: number): void {
    this.#inlets.get(number)?.close()
    this.#inlets.delete(number)
  }

  #write(bytes: Buffer): void {
    if (this.#ended || !this.#to.writable) return
    this.sent += bytes.length
    if (!this.#to.write(bytes)) this.#full = true
  }
}
