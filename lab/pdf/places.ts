/**
 * Where the objects of a PDF file are (ISO 32000-2, 7.5.4 and 7.5.8): tables and streams of references, newest first; whatever
 * is said of an object first is what holds.
 */
import { type Dict, isArray, isDict, isName, type PdfObject, type Stream } from './objects.ts'
import { damaged, latin1, Scanner } from './scanner.ts'

/** Where an object is: at a byte of the file, the how-manieth of a stream of objects, or nowhere any more. */
export type Place =
  | { readonly at: number; readonly generation: number }
  | { readonly within: number; readonly index: number }
  | null

export interface Places {
  readonly objects: ReadonlyMap<number, Place>
  /** Of the newest section: where the document begins, and more. */
  readonly trailer: Dict
  /** Where the newest section is, and whether it is a stream. */
  readonly newest: number
  readonly isStream: boolean
  /** Whether any section says that the file is encrypted. */
  readonly encrypted: boolean
}

/** Sections of a file that was changed again and again. */
const MOST_SECTIONS = 4_096
const MOST_OBJECTS = 2 ** 21
/** Rows of all lists together, those among them that older lists have of the same objects. */
const MOST_ROWS = 2 ** 22
/** Bytes at the end of the file in which it says where to begin. */
const TAIL = 2_048

interface Section {
  readonly trailer: Dict
  readonly isStream: boolean
}

/** Reads an object at a byte, without asking where others are; and the content of one that lists objects. */
export interface Low {
  streamAt(at: number): Stream
  content(stream: Stream): Uint8Array
}

/** Finds all objects. Throws `not-intact`. */
export function findPlaces(bytes: Uint8Array, low: Low): Places {
  const newest = beginning(bytes)
  const objects = new Found()
  const seen = new Set<number>()
  let first: Section | undefined
  let encrypted = false
  for (let next: PdfObject | undefined = newest; next !== undefined; ) {
    if (typeof next !== 'number' || seen.has(next)) throw damaged('its lists of objects lead in a circle')
    if (seen.size >= MOST_SECTIONS) throw damaged('it has too many lists of objects')
    seen.add(next)
    const section = readSection(bytes, next, low, objects)
    const more = section.trailer.get('XRefStm') // what older readers are not to see: to them it is free
    if (typeof more === 'number' && !section.isStream) readSection(bytes, more, low, objects)
    objects.enterFreed()
    first ??= section
    encrypted ||= section.trailer.has('Encrypt')
    next = section.trailer.get('Prev')
  }
  return { objects: objects.places, trailer: first!.trailer, newest, isStream: first!.isStream, encrypted }
}

function beginning(bytes: Uint8Array): number {
  const from = Math.max(0, bytes.length - TAIL)
  const at = latin1(bytes.subarray(from)).lastIndexOf('startxref')
  if (at < 0) throw damaged('it does not say where its objects are')
  return new Scanner(bytes, from + at + 'startxref'.length).whole()
}

function readSection(bytes: Uint8Array, at: number, low: Low, objects: Found): Section {
  const scanner = new Scanner(bytes, at)
  if (scanner.takes('xref')) return { trailer: readTable(scanner, objects), isStream: false }
  const stream = low.streamAt(at)
  readList(stream, low.content(stream), objects)
  return { trailer: stream.dict, isStream: true }
}

function readTable(scanner: Scanner, objects: Found): Dict {
  while (!scanner.takes('trailer')) {
    const first = scanner.whole()
    const count = scanner.whole()
    for (let i = 0; i < count; i++) {
      const at = scanner.whole()
      const generation = scanner.whole()
      const kind = scanner.word()
      if (kind !== 'n' && kind !== 'f') throw scanner.odd('a list of objects is damaged')
      objects.enter(first + i, kind === 'n' ? { at, generation } : null)
    }
  }
  const trailer = scanner.object()
  if (!isDict(trailer)) throw scanner.odd('a list of objects has no trailer')
  return trailer
}

/** A list of objects that is a stream: three numbers an object, of so many bytes each. */
function readList({ dict }: Stream, content: Uint8Array, objects: Found): void {
  const widths = numbersIn(dict.get('W'))
  const size = dict.get('Size')
  const index = dict.has('Index') ? numbersIn(dict.get('Index')) : [0, Number(size)]
  const sane =
    widths.length === 3 &&
    widths.every((width) => width <= 8) &&
    widths.some((width) => width > 0) &&
    index.length % 2 === 0
  if (!isName(dict.get('Type'), 'XRef') || !sane) throw damaged('a list of objects is malformed')
  const [kindBytes, firstBytes, secondBytes] = widths as [number, number, number]
  const length = kindBytes + firstBytes + secondBytes
  let at = 0
  for (let i = 0; i < index.length; i += 2) {
    if (at + index[i + 1]! * length > content.length) throw damaged('a list of objects is cut off')
    for (let n = 0; n < index[i + 1]!; n++, at += length) {
      const kind = kindBytes === 0 ? 1 : numberAt(content, at, kindBytes)
      const first = numberAt(content, at + kindBytes, firstBytes)
      const second = numberAt(content, at + kindBytes + firstBytes, secondBytes)
      const place =
        kind === 1 ? { at: first, generation: second } : kind === 2 ? { within: first, index: second } : null
      objects.enter(index[i]! + n, place)
    }
  }
}

/** Objects that were found; the first that is said of one holds, but what is free in a table may be in the stream beside it. */
class Found {
  readonly places = new Map<number, Place>()
  readonly #freed: number[] = []
  #rows = 0

  enter(number: number, place: Place): void {
    if (++this.#rows > MOST_ROWS) throw damaged('its lists of objects are too long')
    if (this.places.has(number)) return
    if (this.places.size >= MOST_OBJECTS) throw damaged('it has too many objects')
    if (place === null) this.#freed.push(number)
    else this.places.set(number, place)
  }

  /** After a section: what is free in it is not looked for in older ones. */
  enterFreed(): void {
    for (const number of this.#freed.splice(0)) if (!this.places.has(number)) this.places.set(number, null)
  }
}

function numbersIn(object: PdfObject | undefined): number[] {
  const items = isArray(object) ? object : []
  return items.map((item) => {
    if (typeof item !== 'number' || !Number.isInteger(item) || item < 0 || item > 2 ** 32)
      throw damaged('a list of objects is malformed')
    return item
  })
}

function numberAt(bytes: Uint8Array, at: number, width: number): number {
  let value = 0
  for (let i = 0; i < width; i++) value = value * 256 + bytes[at + i]!
  return value
}
