/**
 * Canonical JSON (FORMAT.md §3): RFC 8785, by json-canonicalize, over JSON that has been checked strictly first:
 * by `encode` on the way out, by `checkStrict` on the way in. The library alone lets lone surrogates pass, writes
 * -0 as 0, drops undefined and leaves an object with a key `toJSON` unsorted, which is why that key is refused.
 */
import { canonicalize } from 'json-canonicalize'
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
  return typeof json === 'number' ? String(json) : canonicalize(json)
}

/** Refuses what JSON.parse lets through and canonical JSON cannot hold. */
export function checkStrict(json: Json): void {
  if (typeof json === 'string' && !json.isWellFormed()) {
    throw new RepriseError('not-intact', 'a string with a lone surrogate')
  }
  if (typeof json !== 'object' || json === null) return
  for (const [key, item] of Object.entries(json)) {
    if (key === 'toJSON' || key === '__proto__') throw new RepriseError('not-intact', `the key ${key}`)
    if (!key.isWellFormed()) throw new RepriseError('not-intact', 'a key with a lone surrogate')
    checkStrict(item)
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * The JSON of canonical bytes. Bytes that are not exactly what `canonicalJson` writes are refused: with that one
 * comparison go duplicate keys, white space, byte-order marks, 1e400, -0, unsorted keys, needless escapes, lone
 * surrogates and invalid UTF-8.
 */
export function parseCanonical(bytes: Uint8Array): Json {
  return parseExact(bytes, (json) => (isSorted(json) ? JSON.stringify(json) : canonicalJson(json)))
}

/** Whether all keys come in the order of canonical JSON already, in which alone it differs from what `JSON.stringify` writes. */
function isSorted(json: Json): boolean {
  if (typeof json !== 'object' || json === null) return true
  if (Array.isArray(json)) return json.every(isSorted)
  const record = json as { readonly [key: string]: Json }
  const keys = Object.keys(record)
  return keys.every((key, i) => (i === 0 || keys[i - 1]! < key) && isSorted(record[key]!))
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
    checkStrict(json)
    again = write(json)
  } catch (cause) {
    if (cause instanceof RepriseError) throw cause
    throw new RepriseError('not-intact', 'JSON that cannot be written again', { cause })
  }
  if (again !== text) {
    let at = 0
    while (at < text.length && text[at] === again[at]) at++
    throw new RepriseError('not-intact', `not in canonical form at character ${at}`)
  }
  return json
}
