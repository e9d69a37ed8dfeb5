/**
 * The exact text of records (FORMAT.md §9.2): canonical key order, two spaces of indentation, one line feed at the end. It
 * is written here, and read: first line by line, so that nothing that could not be exact is ever given to the parser;
 * then parsed and held against its own text, without a second copy of it.
 */
import { checkStrict } from '../lib/canonical.ts'
import { RepriseError } from '../lib/errors.ts'
import type { Json } from '../lib/values.ts'
import { checkLines } from './exact-lines.ts'

/** The exact text of JSON. Written here, since JavaScript puts keys like "10" before all others. */
export function exactText(json: Json): string {
  const pieces: string[] = []
  write(json, '\n', (piece) => {
    pieces.push(piece)
    return true
  })
  return `${pieces.join('')}\n`
}

/**
 * The JSON of an exact text; other bytes are refused. `first` sees it as soon as it is parsed: it may know better than that
 * the text is not exact.
 */
export function parseExactText(bytes: Uint8Array, first: (json: unknown) => void = () => {}): Json {
  checkLines(bytes)
  let text: string
  let json: Json
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    json = JSON.parse(text)
  } catch (cause) {
    throw new RepriseError('not-intact', `not JSON (${(cause as Error).message})`, { cause })
  }
  first(json)
  try {
    checkStrict(json)
    compare(json, text)
  } catch (cause) {
    if (cause instanceof RepriseError) throw cause
    throw new RepriseError('not-intact', 'JSON that cannot be written again', { cause })
  }
  return json
}

function compare(json: Json, text: string): void {
  let at = 0
  const same = (piece: string) => {
    if (!text.startsWith(piece, at)) return false
    at += piece.length
    return true
  }
  if (!write(json, '\n', same) || !same('\n') || at !== text.length)
    throw new RepriseError('not-intact', `not in canonical form after character ${at}`)
}

/** Gives the text piece by piece; ends early, with false, when `put` does not want the next one. */
function write(json: Json, line: string, put: (piece: string) => boolean): boolean {
  if (typeof json !== 'object' || json === null) return put(JSON.stringify(json))
  const inner = `${line}  `
  if (Array.isArray(json)) {
    if (json.length === 0) return put('[]')
    for (let i = 0; i < json.length; i++)
      if (!put(i === 0 ? `[${inner}` : `,${inner}`) || !write(json[i], inner, put)) return false
    return put(`${line}]`)
  }
  const entries = Object.entries(json as Readonly<Record<string, Json>>)
  if (entries.length === 0) return put('{}')
  entries.sort(([a], [b]) => (a < b ? -1 : 1))
  let open = '{'
  for (const [key, item] of entries) {
    if (!put(`${open}${inner}${JSON.stringify(key)}: `) || !write(item, inner, put)) return false
    open = ','
  }
  return put(`${line}}`)
}
