/** Signatures are seen wherever a PDF holds them, and nothing else is taken for one. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PdfFile } from '../../../lab/pdf/file.ts'
import { signatureOf } from '../../../lab/pdf/signed.ts'
import { type Objects, PAGE, pdfOf } from './pdfs.ts'

const SIGNATURE = '<< /Type /Sig /Filter /Adobe.PPKLite /ByteRange [0 1 2 3] /Contents <00> >>'
const catalog = (more: string): Objects => ({ ...PAGE, 1: `<< /Type /Catalog /Pages 2 0 R ${more} >>` })

const SIGNED: Readonly<Record<string, Objects>> = {
  'a form that says so': catalog('/AcroForm << /SigFlags 3 >>'),
  'a signature of its own': { ...PAGE, 4: SIGNATURE },
  'a field within the form': catalog(`/AcroForm << /Fields [<< /FT /Sig /T (s) /V ${SIGNATURE} >>] >>`),
  'a field that has its kind from another': {
    ...catalog('/AcroForm << /Fields [4 0 R] >>'),
    4: '<< /FT /Sig /T (s) /Kids [5 0 R] >>',
    5: '<< /Parent 4 0 R /V 6 0 R >>',
    6: '<< /Contents <00> >>',
  },
  'a signature within a field': { ...PAGE, 4: `<< /Kids [[<< /V ${SIGNATURE} >>]] >>` },
  'what signatures are checked with': catalog('/DSS << /Certs [] >>'),
  'who may change it': catalog('/Perms << /DocMDP 4 0 R >>'),
}

test('should see signatures at any depth', () => {
  for (const [what, objects] of Object.entries(SIGNED))
    assert.notEqual(signatureOf(new PdfFile(pdfOf(objects))), null, what)
})

test('should take no other field, nor one that waits to be signed, for a signature', () => {
  const objects: Objects = {
    ...catalog('/AcroForm << /Fields [4 0 R 5 0 R << /FT /Sig /T (later) >>] >>'),
    4: '<< /FT /Tx /T (t) /V (words) /Parent 5 0 R >>',
    5: '<< /T (round) /V (x) /Parent 5 0 R >>',
  }
  assert.equal(signatureOf(new PdfFile(pdfOf(objects))), null)
})
