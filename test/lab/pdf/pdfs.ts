/** PDF files made by hand for tests: sound ones, and ones that no writer would make. */
import { deflateSync } from 'node:zlib'

/** A stream: its dictionary without the length, and its bytes; packed where it is said. */
export interface Body {
  readonly dict: string
  readonly bytes: Uint8Array | string
  readonly deflate?: boolean
  /** What it claims instead of its length. */
  readonly length?: string
}

export type Objects = Readonly<Record<number, string | Body>>

/** A page with nothing on it. */
export const PAGE: Objects = {
  1: '<< /Type /Catalog /Pages 2 0 R >>',
  2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
  3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>',
}

function written(number: number, object: string | Body): Buffer {
  const head = Buffer.from(`${number} 0 obj\n`)
  if (typeof object === 'string') return Buffer.concat([head, Buffer.from(`${object}\nendobj\n`, 'latin1')])
  const plain = Buffer.from(object.bytes as Uint8Array)
  const bytes = object.deflate === true ? deflateSync(plain) : plain
  const filter = object.deflate === true ? ' /Filter /FlateDecode' : ''
  const dict = `<< ${object.dict}${filter} /Length ${object.length ?? bytes.length} >>\nstream\n`
  return Buffer.concat([head, Buffer.from(dict, 'latin1'), bytes, Buffer.from('\nendstream\nendobj\n')])
}

/** A file of these objects with a table of where they are. */
export function pdfOf(objects: Objects = PAGE, trailer = '/Root 1 0 R'): Buffer {
  const pieces: Uint8Array[] = [Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1')]
  const numbers = Object.keys(objects).map(Number)
  const places = new Map<number, number>()
  for (const number of numbers) {
    places.set(number, Buffer.concat(pieces).length)
    pieces.push(written(number, objects[number]!))
  }
  const start = Buffer.concat(pieces).length
  const rows = numbers.map(
    (number) => `${number} 1\n${String(places.get(number)).padStart(10, '0')} 00000 n \n`,
  )
  const size = Math.max(...numbers) + 1
  pieces.push(
    Buffer.from(`xref\n0 1\n0000000000 65535 f \n${rows.join('')}trailer\n<< /Size ${size} ${trailer} >>\n`),
    Buffer.from(`startxref\n${start}\n%%EOF\n`),
  )
  return Buffer.concat(pieces)
}

/** A file whose list of objects is a stream; `inner` are objects within object 9. */
export function packedPdf(
  objects: Objects,
  inner: Readonly<Record<number, string>>,
  more: { readonly list?: string; readonly container?: Partial<Body>; readonly trailer?: string } = {},
): Buffer {
  const texts = Object.entries(inner)
  let header = ''
  let content = ''
  for (const [number, text] of texts) {
    header += `${number} ${content.length} `
    content += `${text}\n`
  }
  const container: Body = {
    dict: `/Type /ObjStm /N ${texts.length} /First ${header.length}`,
    bytes: header + content,
    deflate: true,
    ...more.container,
  }
  const all: Objects = { ...objects, 9: container }
  const pieces: Uint8Array[] = [Buffer.from('%PDF-1.7\n')]
  const rows: [number: number, kind: number, first: number, second: number][] = []
  for (const number of Object.keys(all).map(Number)) {
    rows.push([number, 1, Buffer.concat(pieces).length, 0])
    pieces.push(written(number, all[number]!))
  }
  texts.forEach(([number], i) => void rows.push([Number(number), 2, 9, i]))
  const start = Buffer.concat(pieces).length
  rows.push([10, 1, start, 0])
  const list = Buffer.concat(
    rows.map(([, kind, first, second]) => {
      const row = Buffer.alloc(6)
      row.writeUInt8(kind, 0)
      row.writeUInt32BE(first, 1)
      row.writeUInt8(second % 256, 5)
      return row
    }),
  )
  const index = rows.map(([number]) => `${number} 1`).join(' ')
  const dict =
    more.list ?? `/Type /XRef /W [1 4 1] /Index [${index}] /Size 11 ${more.trailer ?? '/Root 1 0 R'}`
  pieces.push(written(10, { dict, bytes: list, deflate: true }), Buffer.from(`startxref\n${start}\n%%EOF\n`))
  return Buffer.concat(pieces)
}

/** The objects of a page to which files are attached, by what they are called. */
export function withFiles(files: Readonly<Record<string, Partial<Body>>>, catalog = ''): Objects {
  const objects: Record<number, string | Body> = { ...PAGE }
  const leaves = Object.entries(files).map(([name, body], i) => {
    const at = 20 + 2 * i
    const hex = Buffer.from(name).toString('hex')
    objects[at] = { dict: '/Type /EmbeddedFile', bytes: '', ...body }
    objects[at + 1] = `<< /Type /Filespec /F <${hex}> /EF << /F ${at} 0 R >> >>`
    return `<${hex}> ${at + 1} 0 R`
  })
  objects[1] = `<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [${leaves.join(' ')}] >> >> ${catalog} >>`
  return objects
}
