/**
 * A PDF file from anywhere, hostile until shown otherwise: its objects are found by its lists alone, read when they are asked
 * for, and everything that could be endless is counted.
 */
import { RepriseError } from '../../lib/errors.ts'
import { beginningOf, contentOf } from './inflate.ts'
import { type Dict, isDict, isName, type PdfObject, Ref, Stream } from './objects.ts'
import { findPlaces, type Places } from './places.ts'
import { damaged, latin1, Scanner } from './scanner.ts'

/** A larger file is not read into memory. */
export const MAX_PDF = 512 * 2 ** 20
/** References that lead to each other. */
const MOST_STEPS = 32
/** Bytes of all lists and streams of objects together, inflated. */
const MOST_STRUCTURE = 128 * 2 ** 20

const NOWHERE: Places = {
  objects: new Map(),
  trailer: new Map(),
  newest: 0,
  isStream: false,
  encrypted: false,
}

/** Objects that are within a stream: its content, and where each begins. */
interface Container {
  readonly content: Uint8Array
  readonly places: ReadonlyMap<number, number>
}

export class PdfFile {
  readonly bytes: Uint8Array
  readonly places: Places
  /** What the document begins with. */
  readonly catalog: Dict
  readonly catalogRef: Ref
  readonly #objects = new Map<number, PdfObject>()
  readonly #containers = new Map<number, Container>()
  readonly #reading = new Set<number>()
  #left = MOST_STRUCTURE

  /** Opens a file. Throws `not-intact` for one that is damaged, `refused` for one that is encrypted. */
  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    if (bytes.length > MAX_PDF) throw damaged(`it has more than ${MAX_PDF} bytes`)
    if (!beginsAsPdf(bytes)) throw damaged('it does not begin as one')
    this.places = NOWHERE // what leads to other objects is of no use in a list of them
    this.places = findPlaces(bytes, {
      streamAt: (at) => this.#streamAt(at),
      content: (stream) => this.#structure(stream),
    })
    if (this.places.encrypted) {
      throw new RepriseError('refused', 'is encrypted', {
        subject: 'PDF',
        remedy: 'Take the paper as it was before, or, where you may: qpdf --decrypt paper.pdf open.pdf',
      })
    }
    const root = this.places.trailer.get('Root')
    const catalog = this.resolve(root)
    if (!(root instanceof Ref) || !isDict(catalog)) throw damaged('it has no catalog')
    this.catalog = catalog
    this.catalogRef = root
  }

  /** What is meant: the object that a reference leads to, or the object itself. What is not there is null. */
  resolve = (object: PdfObject | undefined): PdfObject => {
    let found = object ?? null
    for (let steps = 0; found instanceof Ref; steps++) {
      if (steps > MOST_STEPS) throw damaged('references lead in a circle')
      found = this.object(found.number)
    }
    return found
  }

  /** The object with this number; null where there is none. */
  object(number: number): PdfObject {
    const known = this.#objects.get(number)
    if (known !== undefined) return known
    const place = this.places.objects.get(number) ?? null
    if (place === null) return null
    if (this.#reading.has(number) || this.#reading.size > MOST_STEPS)
      throw damaged('an object needs itself to be read')
    this.#reading.add(number)
    try {
      const object = 'at' in place ? this.#objectAt(place.at, number) : this.#within(place.within, number)
      this.#objects.set(number, object)
      return object
    } finally {
      this.#reading.delete(number)
    }
  }

  /** The content of a stream. Throws `not-intact` where it is longer than `most` bytes. */
  content(stream: Stream, most: number): Uint8Array {
    return contentOf(stream, most, this.resolve)
  }

  /** How a stream begins. */
  beginning(stream: Stream): Uint8Array {
    return beginningOf(stream, this.resolve)
  }

  #objectAt(at: number, number: number | null): PdfObject {
    const scanner = new Scanner(this.bytes, at)
    const told = scanner.whole()
    scanner.whole()
    if (!scanner.takes('obj') || (number !== null && told !== number))
      throw damaged(`object ${number ?? ''} is not where it should be, at byte ${at}`)
    const object = scanner.object()
    if (!isDict(object) || !scanner.takes('stream')) return object
    return new Stream(object, this.#raw(scanner, object))
  }

  #raw(scanner: Scanner, dict: Dict): Uint8Array {
    if (this.bytes[scanner.at] === 0x0d) scanner.at++
    if (this.bytes[scanner.at] === 0x0a) scanner.at++
    const length = this.resolve(dict.get('Length'))
    const from = scanner.at
    if (typeof length !== 'number' || !Number.isSafeInteger(length) || length < 0)
      throw scanner.odd('a stream does not say how long it is')
    if (from + length > this.bytes.length) throw scanner.odd('a stream is cut off')
    scanner.at += length
    if (!/^\s*endstream/.test(latin1(this.bytes.subarray(scanner.at, scanner.at + 16))))
      throw scanner.odd('a stream is not as long as it says')
    return this.bytes.subarray(from, from + length)
  }

  /** A stream that must be readable before it is known where objects are. */
  #streamAt(at: number): Stream {
    const found = this.#objectAt(at, null)
    if (!(found instanceof Stream)) throw damaged(`there is no list of objects at byte ${at}`)
    return found
  }

  #within(container: number, number: number): PdfObject {
    const { content, places } = this.#container(container)
    const at = places.get(number)
    return at === undefined ? null : new Scanner(content, at).object()
  }

  #container(number: number): Container {
    const known = this.#containers.get(number)
    if (known !== undefined) return known
    const place = this.places.objects.get(number)
    const stream = place != null && 'at' in place ? this.object(number) : null
    if (!(stream instanceof Stream) || !isName(stream.dict.get('Type'), 'ObjStm'))
      throw damaged(`object ${number} is no stream of objects`)
    const content = this.#structure(stream)
    const [count, first] = [this.resolve(stream.dict.get('N')), this.resolve(stream.dict.get('First'))]
    if (typeof count !== 'number' || typeof first !== 'number' || !(count <= content.length))
      throw damaged('a stream of objects is malformed')
    const places = new Map<number, number>()
    const scanner = count > 0 ? new Scanner(content, 0) : null
    for (let i = 0; i < count; i++) places.set(scanner!.whole(), first + scanner!.whole())
    const container = { content, places }
    this.#containers.set(number, container)
    return container
  }

  #structure(stream: Stream): Uint8Array {
    const content = this.content(stream, this.#left)
    this.#left -= content.length
    return content
  }
}

/** Whether these first bytes of a file are those of a PDF. */
export function beginsAsPdf(bytes: Uint8Array): boolean {
  return latin1(bytes.subarray(0, 5)) === '%PDF-'
}
