/** Objects of a PDF: what is written is read as it was, and what is no object is refused where it stands. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Name, type PdfObject, pdfText, Ref } from '../../../lab/pdf/objects.ts'
import { Scanner } from '../../../lab/pdf/scanner.ts'

const bytes = (text: string) => Buffer.from(text, 'latin1')
const read = (text: string) => new Scanner(bytes(text), 0).object()

const name = fc.string({ unit: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)) })
const { object } = fc.letrec<{ object: PdfObject }>((tie) => ({
  object: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false),
    fc.integer(),
    fc.integer({ min: -1e9, max: 1e9 }).map((n) => n / 1024),
    name.map((text) => new Name(text)),
    fc.uint8Array({ maxLength: 20 }).map((some) => Uint8Array.from(some)),
    fc.tuple(fc.nat(1e9), fc.nat(65_535)).map(([n, generation]) => new Ref(n, generation)),
    fc.array(tie('object'), { maxLength: 4 }),
    fc.array(fc.tuple(name, tie('object')), { maxLength: 4 }).map((entries) => new Map(entries)),
  ),
}))

/** As plain data, so that a Buffer and a Uint8Array are the same bytes. */
function plain(object: PdfObject): unknown {
  if (object instanceof Uint8Array) return { bytes: [...object] }
  if (Array.isArray(object)) return object.map(plain)
  if (object instanceof Map) return { dict: [...object].map(([key, value]) => [key, plain(value)]) }
  return object
}

test('should read every object that it writes', () => {
  fc.assert(
    fc.property(object, (made) => {
      const scanner = new Scanner(bytes(`${pdfText(made)} `), 0)
      const told = pdfText(made).length
      assert.deepEqual(plain(scanner.object()), plain(made))
      assert.equal(scanner.at, told)
    }),
    { seed: 8, numRuns: 300 },
  )
})

describe('should read what others write', () => {
  const cases: [text: string, object: PdfObject][] = [
    ['(a\\(b\\)\\\\ (c) \\101\\7x\\n\\\r\nz)', bytes('a(b)\\ (c) A\x07x\nz')],
    ['<48 65 6C6c6F 7>', bytes('Hellop')],
    ['/A#20B', new Name('A B')],
  ]
  test('strings, names', () => {
    for (const [text, expected] of cases) assert.deepEqual(plain(read(text)), plain(expected))
  })
  test('numbers and references beside each other', () => {
    assert.deepEqual(read('% a comment\n[1 3 0 R -.5 +7 4.]'), [1, new Ref(3, 0), -0.5, 7, 4])
  })
  test('dictionaries without a space', () => {
    assert.deepEqual(plain(read('<</K/V/L[/M]/N(x)>>')), {
      dict: [
        ['K', new Name('V')],
        ['L', [new Name('M')]],
        ['N', { bytes: [120] }],
      ],
    })
  })
})

test('should refuse what is no object, and nesting without end', () => {
  const wrong = ['', '(', '<4', '[1', '<< /A 1', '<< 1 2 >>', '<zz>', 'nul', 'R', '['.repeat(1e6)]
  for (const text of wrong)
    assert.throws(() => read(text), { name: 'RepriseError', code: 'not-intact' }, text.slice(0, 20))
})
