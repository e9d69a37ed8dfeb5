/**
 * The lines of an exact text, checked before it is parsed: each holds one value, one key or one bracket, so that a parser
 * makes no more of a text than it has lines, and these are counted. What comes from elsewhere may be made to exhaust
 * whoever parses it; this reads bytes and keeps nothing.
 */
import { RepriseError } from '../lib/errors.ts'
import { MAX_DEPTH } from '../lib/values.ts'

/** More lines than this are in no record: leaves are one each, listed points some. */
const MAX_LINES = 2 ** 23
/** Nor do they have so many keys in one object: a parser takes its time with them. */
const MAX_KEYS = 2 ** 16
const MAX_LEVEL = MAX_DEPTH + 20
/** Longer than any number as it is written. */
const LONGEST_PLAIN = 40
/** Bytes of numbers, `true`, `false` and `null`; whether they make one is for the parser to say. */
const IN_WORDS: ReadonlySet<number> = new Set([...'0123456789+-.eEtrufalsn'].map((c) => c.charCodeAt(0)))

const [QUOTE, BACKSLASH, COLON, COMMA, SPACE, LINE_FEED] = [0x22, 0x5c, 0x3a, 0x2c, 0x20, 0x0a]
const [OPEN, CLOSE, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d] // each closes two further on

/** Refuses bytes whose lines are not those of an exact text. That the whole is one is for the parser to say. */
export function checkLines(bytes: Uint8Array): void {
  const keys = new Uint32Array(MAX_LEVEL + 2) // so far, of the object that is open at each level
  let line = 0
  let level = 0
  const refuse = (what = 'is not as it must be'): never => {
    throw new RepriseError('not-intact', `not an exact text: line ${line} ${what}`)
  }
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(LINE_FEED, start)
    const end = found < 0 ? bytes.length : found
    if (++line > MAX_LINES) refuse('is one too many')
    let at = start
    while (bytes[at] === SPACE) at++
    if (bytes[at] === CLOSE || bytes[at] === CLOSE_LIST) level--
    if (at - start !== 2 * level) refuse()
    const kind = lineKind(bytes, at, end)
    if (kind === 'none') refuse()
    if (kind === 'key' && ++keys[level]! > MAX_KEYS) refuse('is one key too many')
    if (bytes[end - 1] === OPEN || bytes[end - 1] === OPEN_LIST) {
      if (++level > MAX_LEVEL) refuse('is nested too deep')
      keys[level] = 0
    }
    start = end + 1
  }
}

/** Whether the bytes are `"key": value`, or a value or a bracket alone, perhaps with a comma. */
function lineKind(bytes: Uint8Array, start: number, end: number): 'key' | 'other' | 'none' {
  if (bytes[start] !== QUOTE) return isPlain(bytes, start, end) ? 'other' : 'none'
  const after = stringEnd(bytes, start, end)
  if (after < 0) return 'none'
  if (isEnd(bytes, after, end)) return 'other'
  if (bytes[after] !== COLON || bytes[after + 1] !== SPACE) return 'none'
  const value = after + 2
  if (bytes[value] !== QUOTE) return isPlain(bytes, value, end) ? 'key' : 'none'
  const last = stringEnd(bytes, value, end)
  return last >= 0 && isEnd(bytes, last, end) ? 'key' : 'none'
}

function isEnd(bytes: Uint8Array, at: number, end: number): boolean {
  return at === end || (at + 1 === end && bytes[at] === COMMA)
}

/** A number, a word, or brackets that open, close or do both; perhaps with a comma. */
function isPlain(bytes: Uint8Array, start: number, end: number): boolean {
  const last = bytes[end - 1] === COMMA ? end - 1 : end
  const length = last - start
  if (length < 1 || length > LONGEST_PLAIN) return false
  const first = bytes[start]!
  if (length === 1 && (first === OPEN || first === CLOSE || first === OPEN_LIST || first === CLOSE_LIST))
    return true
  if (length === 2 && (first === OPEN || first === OPEN_LIST)) return bytes[start + 1] === first + 2
  for (let at = start; at < last; at++) if (!IN_WORDS.has(bytes[at]!)) return false
  return true
}

/** Where the string that begins at `start` is over; -1 where it is not before `end`. */
function stringEnd(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start + 1; ; ) {
    const quote = bytes.indexOf(QUOTE, at)
    if (quote < 0 || quote >= end) return -1
    let before = quote
    while (bytes[before - 1] === BACKSLASH && before - 1 > start) before--
    if ((quote - before) % 2 === 0) return quote + 1
    at = quote + 1
  }
}
