/** PDFs with bytes changed anywhere: read as something, or refused by an error of ours; never anything else. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { PdfFile } from '../../../lab/pdf/file.ts'
import { contentsOf } from '../../../lab/pdf/records.ts'
import { signatureOf } from '../../../lab/pdf/signed.ts'
import { withListed } from '../../../lab/pdf/xmp.ts'
import { RepriseError } from '../../../lib/errors.ts'
import { type Objects, packedPdf, pdfOf, withFiles } from './pdfs.ts'

const RUNS = process.env.REPRISE_SLOW === '1' ? 50_000 : 2_000

const NAME = 'reprise-0123456789ab.json'
const entry = { file: NAME, experiment: 'e', root: 'r', record: 'd' }
const objects: Objects = {
  ...withFiles(
    { [NAME]: { bytes: '{"a":1}', deflate: true }, b: { bytes: 'x' } },
    '/Metadata 5 0 R /AF [21 0 R]',
  ),
  5: { dict: '/Type /Metadata', bytes: withListed(null, [entry]), deflate: true },
}
const { 1: catalog, 21: spec, ...outer } = objects as Record<number, string>
const FILES = [pdfOf(objects), packedPdf(outer, { 1: catalog!, 21: spec! })]

/** All that is done with a PDF before anything is written. */
function use(bytes: Uint8Array): number {
  const file = new PdfFile(bytes)
  signatureOf(file)
  return contentsOf(file).records.length
}

test('should read them as they are', () => {
  for (const file of FILES) assert.equal(use(file), 1)
})

test('should read or refuse them however they are changed', () => {
  const change = fc.record({
    at: fc.double({ min: 0, max: 0.9999, noNaN: true }),
    byte: fc.nat(255),
    cut: fc.nat(3),
  })
  let refused = 0
  fc.assert(
    fc.property(
      fc.constantFrom(...FILES),
      fc.array(change, { minLength: 1, maxLength: 3 }),
      (file, changes) => {
        let bytes = Buffer.from(file)
        for (const { at, byte, cut } of changes) {
          const place = Math.floor(at * bytes.length)
          bytes = Buffer.concat([bytes.subarray(0, place), Buffer.from([byte]), bytes.subarray(place + cut)])
        }
        try {
          use(bytes)
        } catch (error) {
          refused++
          if (!(error instanceof RepriseError)) throw error
        }
      },
    ),
    { seed: 8, numRuns: RUNS },
  )
  assert.ok(refused > RUNS / 10 && refused < RUNS, `${refused} of ${RUNS} refused`)
})

test('should read or refuse them with digits and words changed', () => {
  const words = [
    '0',
    '9',
    '99999999999',
    '-1',
    '1 0 R',
    '20 0 R',
    '5 0 R',
    'null',
    '[]',
    '<<>>',
    '(x)',
    '/X',
    'true',
    '1.5',
    '',
  ]
  fc.assert(
    fc.property(
      fc.constantFrom(...FILES),
      fc.double({ min: 0, max: 0.9999, noNaN: true }),
      fc.constantFrom(...words),
      (file, at, word) => {
        const text = file.toString('latin1')
        const places = [...text.matchAll(/\d+ 0 R|\d+|\/[A-Za-z]+|\[|<</g)]
        const { index, 0: old } = places[Math.floor(at * places.length)]!
        const other = word.padEnd(old.length).slice(0, Math.max(word.length, old.length))
        const bytes = Buffer.from(text.slice(0, index) + other + text.slice(index + old.length), 'latin1')
        try {
          use(bytes)
        } catch (error) {
          if (!(error instanceof RepriseError)) throw error
        }
      },
    ),
    { seed: 8, numRuns: RUNS },
  )
})
