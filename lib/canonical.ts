/**
 * Canonical JSON (FORMAT.md §3): RFC 8785 over values that `encode` has checked strictly first.
 *
 * RFC 8785 takes numbers and strings from ECMAScript, so what is left to do is to sort keys by UTF-16 code units,
 * which is how `sort()` compares. The tests hold it against json-canonicalize, which could not be used itself: it
 * leaves objects with a key `toJSON` unsorted, takes one object met at `a` and `ab` for a cycle, and lets lone
 * surrogates pass.
 */
import { utf8 } from './digest.ts'
import { RepriseError } from './errors.ts'
import { encode, type Json } from './values.ts'

/** The canonical text of a value; special numbers, bigints and typed arrays as tagged objects. */
export function canonical(value: unknown, path?: string): string {
  return canonicalJson(encode(value, path))
}

export function canonicalBytes(value: unknown): Uint8Array {
  return utf8(canonical(value))
}

/** The canonical text of JSON that is known to be checked: the output of `encode`. */
export function canonicalJson(json: Json): string {
  if (typeof json === 'string') return quote(json)
  if (typeof json !== 'object' || json === null) return String(json)
  if (Array.isArray(json)) return `[${json.map(canonicalJson).join()}]`
  const record = json as { readonly [key: string]: Json }
  const members = Object.keys(record)
    .sort()
    .map((key) => `${quote(key)}:${canonicalJson(record[key]!)}`)
  return `{${members.join()}}`
}

function quote(text: string): string {
  if (!text.isWellFormed()) throw new RepriseError('not-intact', 'a string with a lone surrogate')
  return JSON.stringify(text)
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * The JSON of canonical bytes. Bytes that are not exactly what `canonicalJson` writes are refused: with that one
 * comparison go duplicate keys, white space, byte-order marks, 1e400, -0, unsorted keys, needless escapes, lone
 * surrogates and invalid UTF-8.
 */
export function parseCanonical(bytes: Uint8Array): Json {
  return parseExact(bytes, canonicalJson)
}

/** Parses JSON and demands that `write` gives the same text again. */
export function parseExact(bytes: Uint8Array, write: (json: Json) => string): Json {
  let text: string
  let json: Json
  try {
    text = decoder.decode(bytes)
    json = JSON.parse(text)
  } catch (cause) {
    throw new RepriseError('not-intact', `not JSON (${(cause as Error).message})`, { cause })
  }
  let again: string
  try {
    again = write(json)
  } catch (cause) {
    throw new RepriseError('not-intact', 'JSON that cannot be written again', { cause })
  }
  if (again !== text) {
    let at = 0
    while (at < text.length && text[at] === again[at]) at++
    throw new RepriseError('not-intact', `not in canonical form at character ${at}`)
  }
  return json
}
