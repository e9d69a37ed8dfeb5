/** PDF files from anywhere: both kinds of lists are read; bombs, circles and lies are refused soon and by name. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { deflateSync } from 'node:zlib'
import { attachments } from '../../../lab/pdf/attachments.ts'
import { PdfFile } from '../../../lab/pdf/file.ts'
import { Stream } from '../../../lab/pdf/objects.ts'
import { contentsOf } from '../../../lab/pdf/records.ts'
import { type Body, type Objects, PAGE, packedPdf, pdfOf, withFiles } from './pdfs.ts'

const NOT_INTACT = { name: 'RepriseError', code: 'not-intact' }
const MIB = 2 ** 20

/** Zeros that deflate to a thousandth. */
const bomb = (bytes: number) => deflateSync(Buffer.alloc(bytes))
const packedBomb = (bytes: number): Partial<Body> => ({
  dict: '/Filter /FlateDecode',
  bytes: bomb(bytes),
  deflate: false,
})

function namesIn(bytes: Uint8Array): string[] {
  return attachments(new PdfFile(bytes)).map(({ name }) => name)
}

test('should find objects by a table, and the newest of those that were changed', () => {
  const first = pdfOf({ ...PAGE, 4: '(old)', 5: '(gone)' })
  assert.equal(Buffer.from(new PdfFile(first).object(4) as Uint8Array).toString(), 'old')
  const at = first.length
  const start = at + '4 0 obj\n(new)\nendobj\n'.length
  const prev = first.toString('latin1').lastIndexOf('xref\n0 1')
  const update = `4 0 obj\n(new)\nendobj\nxref\n4 2\n${String(at).padStart(10, '0')} 00000 n \n0000000000 00001 f \ntrailer\n<< /Size 6 /Root 1 0 R /Prev ${prev} >>\nstartxref\n${start}\n%%EOF\n`
  const file = new PdfFile(Buffer.concat([first, Buffer.from(update)]))
  assert.equal(Buffer.from(file.object(4) as Uint8Array).toString(), 'new')
  assert.equal(file.object(5), null, 'what was freed is not found in older lists')
})

test('should find what a table hides from older readers in the stream beside it', () => {
  const first = pdfOf()
  const at = first.length
  const list = Buffer.from([1, 0, 0, 0, 0, 0])
  list.writeUInt32BE(at, 1)
  const hidden = '4 0 obj\n(hidden)\nendobj\n'
  const stream = `5 0 obj\n<< /Type /XRef /W [1 4 1] /Index [4 1] /Size 6 /Length 6 >>\nstream\n`
  const start = at + hidden.length + stream.length + list.length + '\nendstream\nendobj\n'.length
  const prev = first.toString('latin1').lastIndexOf('xref\n0 1')
  const table = `xref\n4 1\n0000000000 65535 f \ntrailer\n<< /Size 6 /Root 1 0 R /XRefStm ${at + hidden.length} /Prev ${prev} >>\nstartxref\n${start}\n%%EOF\n`
  const parts = [first, Buffer.from(hidden + stream), list, Buffer.from(`\nendstream\nendobj\n${table}`)]
  const file = new PdfFile(Buffer.concat(parts))
  assert.equal(Buffer.from(file.object(4) as Uint8Array).toString(), 'hidden')
})

test('should find objects by a stream, and within streams', () => {
  const { 3: page, ...outer } = PAGE as Record<number, string>
  const file = new PdfFile(packedPdf(outer, { 3: page!, 4: '(within)' }))
  assert.equal(Buffer.from(file.object(4) as Uint8Array).toString(), 'within')
  assert.ok(file.object(3) instanceof Map)
})

test('should read what is attached, stored or deflated, by the tree that leads there', () => {
  const objects: Objects = {
    ...withFiles({ a: { bytes: 'plain' }, b: { bytes: 'packed'.repeat(50), deflate: true } }),
    1: '<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles 6 0 R >> >>',
    6: '<< /Kids [7 0 R 8 0 R] >>',
    7: '<< /Names [(a) 21 0 R (odd) null (odder) << /EF << >> >>] /Limits [(a) (a)] >>',
    8: '<< /Names [(b) 23 0 R] >>',
  }
  const file = new PdfFile(pdfOf(objects))
  const found = attachments(file).map(({ name, stream }) => [
    name,
    Buffer.from(file.content(stream, 1000)).toString(),
  ])
  assert.deepEqual(found, [
    ['a', 'plain'],
    ['b', 'packed'.repeat(50)],
  ])
})

test('should follow an end of line before a stream however it is written, and names in other letters', () => {
  const objects: Objects = {
    ...withFiles({ a: { bytes: 'x' } }),
    21: '<< /F (a) /UF <FEFF00E9> /EF << /F 20 0 R >> >>',
  }
  assert.deepEqual(namesIn(pdfOf(objects)), ['é'])
})

describe('should refuse', () => {
  const circle = (object: string): Objects => ({
    ...PAGE,
    1: '<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles 6 0 R >> >>',
    6: object,
  })
  const list = (dict: string) => packedPdf(PAGE, { 4: 'null' }, { list: dict })
  const cases: Readonly<Record<string, () => unknown>> = {
    'what is no PDF': () => new PdfFile(Buffer.from('PK\x03\x04')),
    'an empty one': () => new PdfFile(Buffer.from('%PDF-1.7\n')),
    'one that was cut off': () => new PdfFile(pdfOf().subarray(0, 200)),
    'one without a catalog': () => new PdfFile(pdfOf(PAGE, '/Root 7 0 R')),
    'a list that leads to itself': () => {
      const prev = pdfOf().toString('latin1').lastIndexOf('xref\n0 1')
      return new PdfFile(pdfOf(PAGE, `/Root 1 0 R /Prev ${prev}`))
    },
    'a list of so many objects that nobody could count them': () =>
      new PdfFile(list('/Type /XRef /W [1 4 1] /Index [0 4294967295] /Size 9 /Root 1 0 R')),
    'a list whose rows have no length': () =>
      new PdfFile(list('/Type /XRef /W [0 0 0] /Index [0 4294967295] /Size 9 /Root 1 0 R')),
    'an object that is another': () => {
      const text = pdfOf().toString('latin1').replace('2 0 obj', '7 0 obj')
      return new PdfFile(Buffer.from(text, 'latin1')).object(2)
    },
    'a stream that is longer than it says': () =>
      new PdfFile(pdfOf({ ...PAGE, 4: { dict: '', bytes: 'abc', length: '1' } })).object(4),
    'a stream whose length is the stream itself': () =>
      new PdfFile(pdfOf({ ...PAGE, 4: { dict: '', bytes: 'abc', length: '4 0 R' } })).object(4),
    'references in a circle': () =>
      new PdfFile(pdfOf({ ...PAGE, 4: '5 0 R', 5: '4 0 R' })).resolve(
        new PdfFile(pdfOf({ ...PAGE, 4: '5 0 R', 5: '4 0 R' })).object(4),
      ),
    'a tree of names in a circle': () => namesIn(pdfOf(circle('<< /Kids [6 0 R] >>'))),
    'a stream of objects within itself': () =>
      new PdfFile(packedPdf({ ...PAGE }, { 4: 'null' }, { container: { length: '4 0 R' } })).object(4),
    'a stream of objects that is a bomb': () =>
      new PdfFile(
        packedPdf(
          PAGE,
          { 4: 'null' },
          {
            container: { ...packedBomb(64 * MIB), dict: '/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode' },
          },
        ),
      ).object(4),
    'an attached bomb': () => {
      const file = new PdfFile(pdfOf(withFiles({ a: packedBomb(64 * MIB) })))
      return file.content(attachments(file)[0]!.stream, 256 * MIB)
    },
    'what is compressed in another way': () => {
      const file = new PdfFile(pdfOf(withFiles({ a: { dict: '/Filter /LZWDecode', bytes: 'x' } })))
      return file.content(attachments(file)[0]!.stream, MIB)
    },
    'what is deflated twice': () => {
      const file = new PdfFile(
        pdfOf(withFiles({ a: { dict: '/Filter [/FlateDecode /FlateDecode]', bytes: bomb(9) } })),
      )
      return file.content(attachments(file)[0]!.stream, MIB)
    },
    'what is in another file': () => {
      const file = new PdfFile(pdfOf(withFiles({ a: { dict: '/F (/etc/passwd)', bytes: '' } })))
      return file.content(attachments(file)[0]!.stream, MIB)
    },
    'lengths that lead from one to the next, on and on': () => {
      const objects: Record<number, string | Body> = { ...PAGE }
      for (let i = 20; i < 220; i++) objects[i] = { dict: '', bytes: 'x', length: `${i + 1} 0 R` }
      return new PdfFile(pdfOf(objects)).object(20)
    },
  }
  for (const [what, read] of Object.entries(cases)) test(what, () => assert.throws(read, NOT_INTACT))

  test('an encrypted one, as refused', () => {
    const encrypted = pdfOf(PAGE, '/Root 1 0 R /Encrypt << /Filter /Standard >>')
    assert.throws(() => new PdfFile(encrypted), { code: 'refused', message: /encrypted/ })
  })
})

test('should read 30,000 objects within a stream without looking through them again and again', () => {
  const inner = Object.fromEntries(Array.from({ length: 30_000 }, (_, i) => [String(i + 20), `(${i})`]))
  const file = new PdfFile(packedPdf(PAGE, inner))
  for (let i = 20; i < 30_020; i++) assert.ok(file.object(i) instanceof Uint8Array)
  assert.ok(!(file.object(9) instanceof Map) && file.object(9) instanceof Stream)
})

test('should look once at what has thousands of names, and no further than a beginning', () => {
  const { 20: stream, 21: spec } = withFiles({ a: packedBomb(15 * MIB) })
  const names = Array.from({ length: 9_900 }, (_, i) => `(${i}) 21 0 R`)
  const catalog = `<< /Type /Catalog /Names << /EmbeddedFiles << /Names [${names.join(' ')}] >> >> >>`
  const file = new PdfFile(pdfOf({ ...PAGE, 1: catalog, 20: stream!, 21: spec! }))
  const lengths: number[] = []
  const beginning = file.beginning.bind(file)
  file.beginning = (stream) => {
    const bytes = beginning(stream)
    lengths.push(bytes.length)
    return bytes
  }
  assert.equal(contentsOf(file).others.length, 9_900)
  assert.equal(lengths.length, 1)
  assert.ok(lengths[0]! < 100_000, String(lengths))
})
