/**
 * What travels between the near side and a station: frames of nine bytes of header (type, number, length) and their
 * content. Nobody else writes to this channel, so there is no noise to tell them from: whatever is not a frame breaks
 * the connection. Bytes of streams are handed on as they arrive, not gathered.
 */

/** Types of frames. The number says which call (MESSAGE), or which stream of a call (the others). */
export const MESSAGE = 1
export const DATA = 2
export const END = 3
/** The content is a u32: so many more bytes may be sent on that stream. */
export const CREDIT = 4

const HEADER = 9
export const MOST_DATA = 64 * 1024
const MOST_MESSAGE = 64 * 2 ** 20

/** The most that the content of each type may hold; no entry for what is no type. */
const MOST: Readonly<Record<number, number>> = {
  [MESSAGE]: MOST_MESSAGE,
  [DATA]: MOST_DATA,
  [END]: 0,
  [CREDIT]: 4,
}

export function encodeFrame(type: number, number: number, content: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(HEADER + content.length)
  frame.writeUInt8(type, 0)
  frame.writeUInt32BE(number, 1)
  frame.writeUInt32BE(content.length, 5)
  frame.set(content, HEADER)
  return frame
}

export function encodeCredit(number: number, bytes: number): Buffer {
  const content = Buffer.alloc(4)
  content.writeUInt32BE(bytes)
  return encodeFrame(CREDIT, number, content)
}

/** Cuts a byte stream into frames; DATA comes in as many pieces as it arrives in. Throws at what is no frame. */
export class FrameCutter {
  readonly #on: (type: number, number: number, content: Buffer) => void
  #held: Buffer[] = []
  #heldBytes = 0
  /** Bytes to gather before looking again. */
  #needed = HEADER
  #type = 0
  #number = 0
  /** Bytes of the present frame's content still to come; -1 while it is the header that is awaited. */
  #left = -1

  constructor(on: (type: number, number: number, content: Buffer) => void) {
    this.#on = on
  }

  push(bytes: Buffer): void {
    let rest = bytes
    while (rest.length > 0) {
      if (this.#left >= 0 && this.#type === DATA) {
        const piece = rest.subarray(0, this.#left)
        rest = rest.subarray(piece.length)
        this.#left -= piece.length
        if (this.#left === 0) this.#await(HEADER, -1)
        this.#on(DATA, this.#number, piece)
        continue
      }
      const piece = rest.subarray(0, this.#needed - this.#heldBytes)
      rest = rest.subarray(piece.length)
      this.#held.push(piece)
      this.#heldBytes += piece.length
      if (this.#heldBytes < this.#needed) return
      const whole = this.#held.length === 1 ? piece : Buffer.concat(this.#held)
      if (this.#left < 0) this.#head(whole)
      else this.#content(whole)
    }
  }

  #head(header: Buffer): void {
    this.#type = header.readUInt8(0)
    this.#number = header.readUInt32BE(1)
    const length = header.readUInt32BE(5)
    const most = MOST[this.#type]
    if (most === undefined || length > most) throw new Error('what came over it is no frame')
    if (length === 0) this.#content(Buffer.alloc(0))
    else this.#await(length, length)
  }

  #content(content: Buffer): void {
    this.#await(HEADER, -1)
    this.#on(this.#type, this.#number, content)
  }

  #await(needed: number, left: number): void {
    this.#held = []
    this.#heldBytes = 0
    this.#needed = needed
    this.#left = left
  }
}
