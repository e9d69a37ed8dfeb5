/** Outputs on their way into a digest: numbers as little-endian doubles with the one NaN (FORMAT.md §3.6), texts as lines. */
import { sha256, toHex, utf8 } from '../digest.ts'

export interface Outputs {
  number(x: number): void
  numbers(list: Iterable<number>): void
  /** UTF-8, then a line feed. */
  text(words: string): void
  /** The first 16 hex digits of the SHA-256 of all that came, in the order in which it came. */
  digest(): string
}

const DIGITS = 16

export function outputs(): Outputs {
  let bytes = new Uint8Array(4096)
  let view = new DataView(bytes.buffer)
  let length = 0
  const room = (more: number) => {
    if (length + more <= bytes.length) return
    const larger = new Uint8Array(2 * (length + more))
    larger.set(bytes)
    bytes = larger
    view = new DataView(bytes.buffer)
  }
  const number = (x: number) => {
    room(8)
    if (Number.isNaN(x)) view.setBigUint64(length, 0x7ff8_0000_0000_0000n, true)
    else view.setFloat64(length, x, true)
    length += 8
  }
  return {
    number,
    numbers(list) {
      for (const x of list) number(x)
    },
    text(words) {
      const line = utf8(`${words}\n`)
      room(line.length)
      bytes.set(line, length)
      length += line.length
    },
    digest: () => toHex(sha256(bytes.subarray(0, length))).slice(0, DIGITS),
  }
}
