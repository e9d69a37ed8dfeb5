/**
 * The lines of an exact text, checked before it is parsed: each holds one value, one key or one bracket, so that a parser
 * makes no more of a text than it has lines, and these are counted. What comes from elsewhere may be made to exhaust
 * whoever parses it; this reads bytes and keeps nothing.
 */
import { RepriseError } from '../lib/errors.ts'
import { MAX_DEPTH } from '../lib/values.ts'

/** More lines than this are in no record: leaves are one each, listed points some. */
const MAX_LINES = 2 ** 23
const MAX_INDENT = 2 * (MAX_DEPTH + 20)
/** A number, a word, or brackets that open, close or do both. */
const PLAIN = /^(?:-?[0-9][0-9.eE+-]{0,40}|true|false|null|\{\}?|\[\]?|\}|\]),?$/
const LONGEST_PLAIN = 48

const [QUOTE, BACKSLASH, COLON, COMMA, SPACE, LINE_FEED] = [0x22, 0x5c, 0x3a, 0x2c, 0x20, 0x0a]

/** Refuses bytes whose lines are not those of an exact text. That the whole is one is for the parser to say. */
export function checkLines(bytes: Uint8Array): void {
  const refuse = (line: number, what = 'is not as it must be'): never => {
    throw new RepriseError('not-intact', `not an exact text: line ${line} ${what}`)
  }
  let line = 0
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(LINE_FEED, start)
    const end = found < 0 ? bytes.length : found
    line++
    if (line > MAX_LINES) refuse(line, 'is one too many')
    let at = start
    while (bytes[at] === SPACE) at++
    if (at - start > MAX_INDENT) refuse(line, 'is nested too deep')
    if (!isLine(bytes, at, end)) refuse(line)
    start = end + 1
  }
}

/** Whether the bytes are `"key": value`, `value` or a bracket, perhaps with a comma. */
function isLine(bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[start] !== QUOTE) return isPlain(bytes, start, end)
  const after = stringEnd(bytes, start, end)
  if (after < 0) return false
  if (after === end || (after + 1 === end && bytes[after] === COMMA)) return true
  if (bytes[after] !== COLON || bytes[after + 1] !== SPACE) return false
  const value = after + 2
  if (bytes[value] !== QUOTE) return isPlain(bytes, value, end)
  const last = stringEnd(bytes, value, end)
  return last === end || (last >= 0 && last + 1 === end && bytes[last] === COMMA)
}

function isPlain(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > LONGEST_PLAIN) return false
  return PLAIN.test(String.fromCharCode(...bytes.subarray(start, end)))
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
