/**
 * The records of a journal: a line that says how long a record is and what its digest is, a header in JSON, a payload.
 * One that was torn, by a kill or a full disk, is seen as such, at whatever byte; and one from another host is hostile
 * until its digest and its lengths were checked.
 */
import { RepriseError } from '../../lib/errors.ts'
import { sha256Of } from '../digests.ts'

/** `R`, lengths of header and payload, SHA-256 of both together: all in hex, parted by blanks, and a newline. */
const PREFIX_BYTES = 85
const [HEADER_AT, PAYLOAD_AT, DIGEST_AT, NEWLINE_AT] = [2, 11, 20, 84]
const [LETTER, BLANK, NEWLINE] = [0x52, 0x20, 0x0a]
export const MAX_HEADER = 64 * 2 ** 20
const MAX_PAYLOAD = 2 ** 30
const EMPTY = new Uint8Array(0)

export interface JournalRecord {
  /** Throws `not-intact` where it is no JSON. */
  readonly header: unknown
  readonly payload: Uint8Array
  /** The whole record, as it is written. */
  readonly bytes: Buffer
}

export function encodeRecord(header: object, payload: Uint8Array = EMPTY): Buffer {
  const text = JSON.stringify(header)
  const size = Buffer.byteLength(text)
  const bytes = Buffer.allocUnsafe(PREFIX_BYTES + size + payload.length)
  bytes.write(text, PREFIX_BYTES)
  bytes.set(payload, PREFIX_BYTES + size)
  const digest = sha256Of(bytes.subarray(PREFIX_BYTES))
  bytes.write(`R ${hex8(size)} ${hex8(payload.length)} ${digest}\n`, 0, 'latin1')
  return bytes
}

/** A record whose digest is right. Who passes it on needs nothing but its bytes, so the rest is taken out when it is asked for. */
class CheckedRecord implements JournalRecord {
  readonly bytes: Buffer
  readonly #start: number

  constructor(bytes: Buffer, start: number) {
    this.bytes = bytes
    this.#start = start
  }

  get header(): unknown {
    return parse(this.bytes.toString('utf8', PREFIX_BYTES, this.#start))
  }

  get payload(): Uint8Array {
    return this.bytes.subarray(this.#start)
  }
}

/** Cuts bytes, as they come, into records. */
export class RecordReader {
  readonly #onRecord: (record: JournalRecord) => void
  #pieces: Buffer[] = []
  #length = 0
  #needed = PREFIX_BYTES

  constructor(onRecord: (record: JournalRecord) => void) {
    this.#onRecord = onRecord
  }

  /** Bytes that are not yet a record. */
  get rest(): number {
    return this.#length
  }

  /** Throws `not-intact` at the first byte that is no record's. */
  push(bytes: Uint8Array): void {
    this.#pieces.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    this.#length += bytes.length
    if (this.#length < this.#needed) return
    let rest = this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces)
    try {
      for (let size = this.#step(rest); size > 0; size = this.#step(rest)) rest = rest.subarray(size)
    } finally {
      this.#pieces = rest.length === 0 ? [] : [rest]
      this.#length = rest.length
    }
  }

  /** Takes one record off the front and says how long it was; 0 when more bytes are needed. */
  #step(bytes: Buffer): number {
    this.#needed = PREFIX_BYTES
    if (bytes.length < PREFIX_BYTES) return 0
    const [text, payload] = [lengthAt(bytes, HEADER_AT), lengthAt(bytes, PAYLOAD_AT)]
    const isPrefix = bytes[0] === LETTER && bytes[1] === BLANK && bytes[NEWLINE_AT] === NEWLINE
    if (!isPrefix || text < 0 || payload < 0) throw damaged('holds what is no record')
    if (text > MAX_HEADER || payload > MAX_PAYLOAD) throw damaged(`has a record of ${text + payload} bytes`)
    const [start, end] = [PREFIX_BYTES + text, PREFIX_BYTES + text + payload]
    if (bytes.length < end) {
      this.#needed = end
      return 0
    }
    if (sha256Of(bytes.subarray(PREFIX_BYTES, end)) !== bytes.toString('latin1', DIGEST_AT, NEWLINE_AT))
      throw damaged('has a record that is not the one of its digest')
    this.#onRecord(new CheckedRecord(bytes.subarray(0, end), start))
    return end
  }
}

export function damaged(what: string): RepriseError {
  return new RepriseError('not-intact', what, {
    subject: 'journal',
    remedy: 'What was taken from it before is safe; see what happened to the head’s disk',
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw damaged('has a record that is no JSON')
  }
}

/** Eight digits and the blank after them; -1 where they are none. */
function lengthAt(bytes: Buffer, at: number): number {
  let length = 0
  for (let i = at; i < at + 8; i++) {
    const code = bytes[i]!
    if (code >= 0x30 && code <= 0x39) length = 16 * length + code - 0x30
    else if (code >= 0x61 && code <= 0x66) length = 16 * length + code - 0x57
    else return -1
  }
  return bytes[at + 8] === BLANK ? length : -1
}

function hex8(n: number): string {
  return n.toString(16).padStart(8, '0')
}
