/**
 * DER (X.690) as a tree, strictly: every length definite, minimal and filled. For what is signed or digested, which must
 * be the bytes that came and not what a library would write for them; and since libraries read BER more leniently, nothing
 * reaches them that is not DER here.
 */
import { RepriseError } from '../lib/errors.ts'

/** A value: its first byte (class, form, number), all its bytes, and those in it where it is constructed. */
export interface Der {
  readonly tag: number
  readonly bytes: Uint8Array
  readonly children: readonly Der[]
}

/** Tokens and certificates are nested a dozen deep. */
const DEEPEST = 40
const CONSTRUCTED = 0x20

export const SEQUENCE = 0x30
export const SET = 0x31
/** Context-specific, constructed. */
export const TAG_0 = 0xa0

/** The one value that the bytes are. Throws where they are none, or are followed by others. */
export function readDer(bytes: Uint8Array): Der {
  const value = valueAt(bytes, 0, bytes.length, DEEPEST)
  if (value.bytes.length !== bytes.length) throw unreadable('is not one DER value')
  return value
}

function valueAt(all: Uint8Array, at: number, end: number, deep: number): Der {
  const [tag, first] = [all[at], all[at + 1]]
  const long = first !== undefined && first > 0x80 ? first - 0x80 : 0
  const start = at + 2 + long
  if (tag === undefined || first === undefined || first === 0x80 || long > 3 || start > end || deep === 0)
    throw unreadable('is not one DER value')
  let length = long === 0 ? first : 0
  for (const byte of all.subarray(at + 2, start)) length = length * 256 + byte
  const least = [0, 0x80, 0x100, 0x10000][long]!
  if ((tag & 0x1f) === 0x1f || length < least || start + length > end)
    throw unreadable('is not one DER value')
  const children: Der[] = []
  if ((tag & CONSTRUCTED) !== 0) {
    for (let next = start; next < start + length; ) {
      const child = valueAt(all, next, start + length, deep - 1)
      children.push(child)
      next += child.bytes.length
    }
  }
  return { tag, bytes: all.subarray(at, start + length), children }
}

/** What keeps bytes from elsewhere from being read at all. */
export function unreadable(what: string): RepriseError {
  return new RepriseError('not-intact', what, { subject: 'timestamp' })
}
