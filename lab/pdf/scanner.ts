/** Reads the objects of a PDF file from its bytes (ISO 32000-2, 7.2 and 7.3). Nothing is believed: depth and place are bounded. */
import { RepriseError } from '../../lib/errors.ts'
import { Name, type PdfObject, Ref } from './objects.ts'

/** Arrays and dictionaries within each other; files that people make have a dozen. */
const MOST_DEPTH = 100
/** Digits of a number that is meant. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)$/

const SPACE = new Set([0, 9, 10, 12, 13, 32])
const DELIMITER = new Set([...'()<>[]{}/%'].map((char) => char.charCodeAt(0)))

export class Scanner {
  readonly bytes: Uint8Array
  at: number

  constructor(bytes: Uint8Array, at: number) {
    if (!(Number.isSafeInteger(at) && at >= 0 && at < bytes.length)) throw damaged(`it has no byte ${at}`)
    this.bytes = bytes
    this.at = at
  }

  /** Goes on to what is neither space nor comment. */
  skip(): void {
    for (; this.at < this.bytes.length; this.at++) {
      const byte = this.bytes[this.at]!
      if (byte === 0x25) while (this.at < this.bytes.length && !isLineEnd(this.bytes[this.at]!)) this.at++
      else if (!SPACE.has(byte)) return
    }
  }

  /** Whether these characters come next; then they are passed. */
  takes(text: string): boolean {
    this.skip()
    for (let i = 0; i < text.length; i++) {
      if (this.bytes[this.at + i] !== text.charCodeAt(i)) return false
    }
    this.at += text.length
    return true
  }

  /** The next characters up to a space or delimiter. */
  word(): string {
    this.skip()
    const from = this.at
    while (this.at < this.bytes.length && isRegular(this.bytes[this.at]!)) this.at++
    return latin1(this.bytes.subarray(from, this.at))
  }

  /** A whole number that is not negative. */
  whole(): number {
    const word = this.word()
    if (!/^\d{1,15}$/.test(word)) throw this.odd(`${JSON.stringify(word.slice(0, 20))} is no number`)
    return Number(word)
  }

  /** The next object; a stream's dictionary is read as such. */
  object(depth = 0): PdfObject {
    if (depth > MOST_DEPTH) throw this.odd('objects are nested too deeply')
    this.skip()
    const byte = this.bytes[this.at]
    if (byte === undefined) throw damaged('it ends within an object')
    if (byte === 0x2f) return new Name(this.name())
    if (byte === 0x28) return this.#literal()
    if (byte === 0x5b) return this.#array(depth)
    if (byte === 0x3c) return this.bytes[this.at + 1] === 0x3c ? this.#dict(depth) : this.#hex()
    return this.#plain()
  }

  /** A name, without its slash. */
  name(): string {
    if (!this.takes('/')) throw this.odd('a name is missing')
    const from = this.at
    while (this.at < this.bytes.length && isRegular(this.bytes[this.at]!)) this.at++
    return latin1(this.bytes.subarray(from, this.at)).replace(/#([0-9a-fA-F]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    )
  }

  #array(depth: number): PdfObject[] {
    this.at++
    const items: PdfObject[] = []
    while (!this.takes(']')) items.push(this.object(depth + 1))
    return items
  }

  #dict(depth: number): Map<string, PdfObject> {
    this.at += 2
    const entries = new Map<string, PdfObject>()
    while (!this.takes('>>')) {
      const key = this.name()
      entries.set(key, this.object(depth + 1))
    }
    return entries
  }

  #hex(): Uint8Array {
    const end = this.bytes.indexOf(0x3e, this.at)
    if (end < 0) throw damaged('a string does not end')
    const digits = latin1(this.bytes.subarray(this.at + 1, end)).replace(/\s|\0/g, '')
    if (!/^[0-9a-fA-F]*$/.test(digits)) throw this.odd('a string holds what is no digit')
    this.at = end + 1
    return Buffer.from(digits.length % 2 === 0 ? digits : `${digits}0`, 'hex')
  }

  #literal(): Uint8Array {
    const out: number[] = []
    let open = 1
    for (this.at++; this.at < this.bytes.length; this.at++) {
      const byte = this.bytes[this.at]!
      if (byte === 0x5c) this.#escaped(out)
      else {
        if (byte === 0x28) open++
        if (byte === 0x29 && --open === 0) {
          this.at++
          return Uint8Array.from(out)
        }
        out.push(byte)
      }
    }
    throw damaged('a string does not end')
  }

  /** What stands behind a backslash; the last byte of it is left to be passed. */
  #escaped(out: number[]): void {
    const byte = this.bytes[++this.at] ?? 0
    const [, octal] = /^([0-7]{1,3})/.exec(latin1(this.bytes.subarray(this.at, this.at + 3))) ?? []
    if (octal !== undefined) {
      out.push(Number.parseInt(octal, 8) & 0xff)
      this.at += octal.length - 1
    } else if (byte === 0x0d || byte === 0x0a) {
      if (byte === 0x0d && this.bytes[this.at + 1] === 0x0a) this.at++
    } else {
      const told = 'nrtbf'.indexOf(String.fromCharCode(byte))
      out.push(told < 0 ? byte : [10, 13, 9, 8, 12][told]!)
    }
  }

  /** A number, a reference, or one of the three words. */
  #plain(): PdfObject {
    const word = this.word()
    if (/^\d{1,10}$/.test(word)) {
      const behind = this.at
      const generation = this.word()
      if (/^\d{1,5}$/.test(generation) && this.word() === 'R')
        return new Ref(Number(word), Number(generation))
      this.at = behind
    }
    if (NUMBER.test(word)) return Number(word)
    if (word === 'true' || word === 'false') return word === 'true'
    if (word === 'null') return null
    throw this.odd(`${JSON.stringify(word.slice(0, 20))} is no object`)
  }

  /** An error at this place. */
  odd(what: string): RepriseError {
    return damaged(`${what}, at byte ${this.at}`)
  }
}

/** Bytes as chars of the same code. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
}

/** What is said of a file that is no sound PDF. */
export function damaged(what: string): RepriseError {
  return new RepriseError('not-intact', `is no sound PDF: ${what}`, {
    subject: 'PDF',
    remedy: 'Get it again from its source, or have it repaired: qpdf paper.pdf repaired.pdf',
  })
}

function isLineEnd(byte: number): boolean {
  return byte === 10 || byte === 13
}

function isRegular(byte: number): boolean {
  return !SPACE.has(byte) && !DELIMITER.has(byte)
}
