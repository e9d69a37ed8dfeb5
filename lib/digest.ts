/**
 * SHA-256 and the domain-separated hash H (FORMAT.md §2).
 *
 * Content objects (capsules, input files, chunk bytes) are named by plain SHA-256, so that `sha256sum` agrees.
 * Everything derived goes through H: each part carries its length and the number of parts is hashed too, so no
 * two lists of parts give the same input; the domain keeps one use from ever colliding with another.
 */
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'
import { RepriseError } from './errors.ts'

export type Domain =
  | 'reprise/experiment/1'
  | 'reprise/chunk-seed/1'
  | 'reprise/job-seed/1'
  | 'reprise/stream-seed/1'
  | 'reprise/shared-seed/1'
  | 'reprise/sample/1'

const encoder = new TextEncoder()
const DIGITS = encoder.encode('0123456789abcdef')

/** SHA-256 of `bytes`: 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return nobleSha256(bytes)
}

export function utf8(text: string): Uint8Array {
  return encoder.encode(text)
}

/** Lower-case hexadecimal of a digest or other short bytes; one flat string, not a rope of pieces. */
export function toHex(bytes: Uint8Array): string {
  const codes = new Array<number>(2 * bytes.length)
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!
    codes[2 * i] = DIGITS[byte >> 4]!
    codes[2 * i + 1] = DIGITS[byte & 15]!
  }
  return String.fromCharCode(...codes)
}

/** The bytes of a lower-case hexadecimal SHA-256 digest; anything else is refused. */
export function fromHex(text: string): Uint8Array {
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new RepriseError('not-intact', 'not a SHA-256 digest of 64 lower-case hex digits', {
      subject: text.slice(0, 80),
    })
  }
  const bytes = new Uint8Array(32)
  for (let i = 0; i < 32; i++) bytes[i] = 16 * digit(text, 2 * i) + digit(text, 2 * i + 1)
  return bytes
}

/** The value of a digit that is known to be one. */
function digit(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code < 0x3a ? code - 0x30 : code - 0x57
}

export function u32be(n: number): Uint8Array {
  if (!Number.isInteger(n) || n < 0 || n > 0xffff_ffff) throw new RangeError(`not a u32: ${n}`)
  return new Uint8Array([n >>> 24, n >>> 16, n >>> 8, n])
}

const TWO_32 = 4_294_967_296 // `**` is a call in a capsule, and every seed comes through here

export function u64be(n: number): Uint8Array {
  if (!Number.isSafeInteger(n) || n < 0) throw new RangeError(`not a safe unsigned integer: ${n}`)
  const high = Math.floor(n / TWO_32)
  const bytes = new Uint8Array(8)
  bytes.set(u32be(high), 0)
  bytes.set(u32be(n - high * TWO_32), 4)
  return bytes
}

/** H(domain, p1…pn) = SHA-256(lp(domain) ‖ u32be(n) ‖ lp(p1) ‖ … ‖ lp(pn)), lp(x) = u32be(length) ‖ x. */
export function hash(domain: Domain, ...parts: readonly Uint8Array[]): Uint8Array {
  const name = encoder.encode(domain)
  let length = 4 + name.length + 4
  for (const part of parts) length += 4 + part.length
  const bytes = new Uint8Array(length)
  const view = new DataView(bytes.buffer)
  let at = 0
  const put = (part: Uint8Array) => {
    view.setUint32(at, part.length)
    bytes.set(part, at + 4)
    at += 4 + part.length
  }
  put(name)
  view.setUint32(at, parts.length)
  at += 4
  for (const part of parts) put(part)
  return nobleSha256(bytes)
}
