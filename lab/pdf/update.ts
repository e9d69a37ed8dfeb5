/**
 * A change of a PDF file that is appended to it (ISO 32000-2, 7.5.6): what was there stays, byte for byte, and what is new follows
 * it. No clock and no chance: the identifier follows from the content, so that the same change gives the same bytes.
 */
import { createHash } from 'node:crypto'
import type { PdfFile } from './file.ts'
import { type Dict, isArray, Name, type PdfObject, pdfText, Ref, Stream } from './objects.ts'

/** Keys of a trailer that belong to the section and not to the document. */
const OF_SECTION = [
  'Prev',
  'XRefStm',
  'Size',
  'ID',
  'Type',
  'W',
  'Index',
  'Length',
  'Filter',
  'DecodeParms',
  'DL',
]

export class Update {
  readonly #file: PdfFile
  readonly #objects = new Map<number, { readonly generation: number; readonly object: PdfObject }>()
  #next: number

  constructor(file: PdfFile) {
    this.#file = file
    const size = file.places.trailer.get('Size')
    const known = [...file.places.objects.keys()].reduce((most, number) => Math.max(most, number), 0)
    this.#next = Math.max(known + 1, typeof size === 'number' && Number.isSafeInteger(size) ? size : 0)
  }

  /** A new object. */
  add(object: PdfObject): Ref {
    const ref = new Ref(this.#next++, 0)
    this.set(ref, object)
    return ref
  }

  /** An object in the place of the one that is there. */
  set(ref: Ref, object: PdfObject): void {
    this.#objects.set(ref.number, { generation: ref.generation, object })
  }

  /** The whole file, changed. */
  bytes(): Uint8Array {
    const { bytes: before, places } = this.#file
    const pieces: Uint8Array[] = [before]
    let at = before.length
    const put = (piece: Uint8Array | string) => {
      const bytes = typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece
      pieces.push(bytes)
      at += bytes.length
    }
    if (before[before.length - 1] !== 0x0a) put('\n')
    const starts = new Map<number, readonly [at: number, generation: number]>()
    for (const [number, { generation, object }] of this.#sorted()) {
      starts.set(number, [at, generation])
      put(`${number} ${generation} obj\n`)
      put(pdfText(object))
      if (object instanceof Stream) {
        put('\nstream\n')
        put(object.raw)
        put('\nendstream')
      }
      put('\nendobj\n')
    }
    const start = at
    if (places.isStream) starts.set(this.#next, [at, 0])
    const trailer = this.#trailer(places.isStream ? this.#next + 1 : this.#next, pieces)
    if (places.isStream) putList(put, this.#next, starts, trailer)
    else putTable(put, starts, trailer)
    put(`startxref\n${start}\n%%EOF\n`)
    return Buffer.concat(pieces)
  }

  #sorted() {
    return [...this.#objects].sort(([a], [b]) => a - b)
  }

  #trailer(size: number, pieces: readonly Uint8Array[]): Map<string, PdfObject> {
    const { trailer, newest } = this.#file.places
    const hash = createHash('sha256')
    for (const piece of pieces) hash.update(piece)
    const made = new Uint8Array(hash.digest().subarray(0, 16))
    const id = this.#file.resolve(trailer.get('ID'))
    const first = isArray(id) && id[0] instanceof Uint8Array ? id[0] : made
    const kept = [...trailer].filter(([key]) => !OF_SECTION.includes(key))
    return new Map<string, PdfObject>([...kept, ['Size', size], ['Prev', newest], ['ID', [first, made]]])
  }
}

type Starts = ReadonlyMap<number, readonly [at: number, generation: number]>
type Put = (piece: Uint8Array | string) => void

/** Numbers that follow each other, by the first of them. */
function rowsOf(starts: Starts): number[][] {
  const rows: number[][] = []
  for (const number of [...starts.keys()].sort((a, b) => a - b)) {
    const last = rows.at(-1)
    if (last !== undefined && last[0]! + last.length === number) last.push(number)
    else rows.push([number])
  }
  return rows
}

function putTable(put: Put, starts: Starts, trailer: Dict): void {
  put('xref\n')
  for (const row of rowsOf(starts)) {
    put(`${row[0]} ${row.length}\n`)
    for (const number of row) {
      const [at, generation] = starts.get(number)!
      put(`${String(at).padStart(10, '0')} ${String(generation).padStart(5, '0')} n \n`)
    }
  }
  put(`trailer\n${pdfText(trailer)}\n`)
}

/** The list as a stream, in which it is listed itself. */
function putList(put: Put, itself: number, starts: Starts, trailer: Dict): void {
  const rows = rowsOf(starts)
  const list = Buffer.alloc(starts.size * 7)
  rows.flat().forEach((number, i) => {
    const [at, generation] = starts.get(number)!
    list.writeUInt8(1, i * 7)
    list.writeUInt32BE(at, i * 7 + 1)
    list.writeUInt16BE(generation, i * 7 + 5)
  })
  const dict = new Map<string, PdfObject>([
    ['Type', new Name('XRef')],
    ...trailer,
    ['W', [1, 4, 2]],
    ['Index', rows.flatMap((row) => [row[0]!, row.length])],
    ['Length', list.length],
  ])
  put(`${itself} 0 obj\n${pdfText(dict)}\nstream\n`)
  put(list)
  put('\nendstream\nendobj\n')
}
