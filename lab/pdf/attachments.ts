/** The files that are attached to a PDF (ISO 32000-2, 7.7.4 and 7.11.4): the leaves of a tree of names, whoever planted it. */
import type { PdfFile } from './file.ts'
import { isArray, isDict, type PdfObject, Ref, Stream } from './objects.ts'
import { damaged, latin1 } from './scanner.ts'

/** Nodes and leaves of a tree of names. */
const MOST_NODES = 10_000
const MOST_DEPTH = 64

/** An entry of the tree: what it is sorted by, and what it names. */
export interface Leaf {
  readonly key: Uint8Array
  readonly value: PdfObject
}

export interface Attachment {
  /** As the PDF calls it; anything at all. */
  readonly name: string
  /** What the tree names, for `/AF` to name it too. */
  readonly value: PdfObject
  readonly stream: Stream
}

/** Every entry of the tree of attached files. Throws `not-intact` for a tree that is none. */
export function attachedLeaves(file: PdfFile): Leaf[] {
  const names = file.resolve(file.catalog.get('Names'))
  const root = isDict(names) ? names.get('EmbeddedFiles') : undefined
  const leaves: Leaf[] = []
  const seen = new Set<number>()
  let nodes = 0
  const visit = (object: PdfObject | undefined, depth: number): void => {
    if (object instanceof Ref) {
      if (seen.has(object.number)) throw damaged('its list of attached files leads in a circle')
      seen.add(object.number)
    }
    const node = file.resolve(object)
    if (!isDict(node)) return
    if (++nodes > MOST_NODES || depth > MOST_DEPTH) throw damaged('its list of attached files has no end')
    const pairs = file.resolve(node.get('Names'))
    if (isArray(pairs)) take(file, pairs, leaves)
    const kids = file.resolve(node.get('Kids'))
    if (isArray(kids)) for (const kid of kids) visit(kid, depth + 1)
  }
  visit(root, 0)
  return leaves
}

function take(file: PdfFile, pairs: readonly PdfObject[], leaves: Leaf[]): void {
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    const key = file.resolve(pairs[i])
    if (!(key instanceof Uint8Array)) continue
    if (leaves.length >= MOST_NODES) throw damaged('it has too many attached files')
    leaves.push({ key, value: pairs[i + 1]! })
  }
}

/** The attached files whose content is in the PDF. */
export function attachments(file: PdfFile): Attachment[] {
  return attachedLeaves(file).flatMap(({ key, value }) => {
    const spec = file.resolve(value)
    if (!isDict(spec)) return []
    const embedded = file.resolve(spec.get('EF'))
    if (!isDict(embedded)) return []
    const stream = file.resolve(embedded.get('UF') ?? embedded.get('F'))
    if (!(stream instanceof Stream)) return []
    const told = file.resolve(spec.get('UF') ?? spec.get('F'))
    return [{ name: textOf(told instanceof Uint8Array ? told : key), value, stream }]
  })
}

/** A text string: UTF-16 or UTF-8 where it begins as such, else one byte a character. */
export function textOf(bytes: Uint8Array): string {
  const [first, second, third] = bytes
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes.subarray(2))
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes.subarray(2))
  if (first === 0xef && second === 0xbb && third === 0xbf) return new TextDecoder().decode(bytes.subarray(3))
  return latin1(bytes)
}
