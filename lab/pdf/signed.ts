/**
 * Whether a PDF is signed: then not a byte may be added without those who signed, or whoever trusts them, being told that the
 * paper was changed. Every object is looked at, so that a file that is damaged anywhere is not written over either.
 */
import type { PdfFile } from './file.ts'
import { isDict, isName, type PdfObject, Stream } from './objects.ts'

/** Bit 1 of /SigFlags: there is a signature. */
const SIGNATURES_EXIST = 1

/** What shows that the file is signed; null when nothing does. Throws `not-intact` for an object that cannot be read. */
export function signatureOf(file: PdfFile): string | null {
  const form = file.resolve(file.catalog.get('AcroForm'))
  const flags = isDict(form) ? file.resolve(form.get('SigFlags')) : 0
  if (typeof flags === 'number' && (flags & SIGNATURES_EXIST) !== 0) return 'its form says that it is signed'
  if (file.resolve(file.catalog.get('Perms')) !== null) return 'it says who may change it (/Perms)'
  for (const number of file.places.objects.keys()) {
    const object = file.object(number)
    const what = signatureIn(file, object instanceof Stream ? object.dict : object)
    if (what !== null) return what
  }
  return null
}

function signatureIn(file: PdfFile, object: PdfObject): string | null {
  if (!isDict(object)) return null
  if (object.has('ByteRange')) return 'it holds a signature over a range of its bytes'
  const isField = isName(file.resolve(object.get('FT')), 'Sig')
  return isField && file.resolve(object.get('V')) !== null ? 'it has a field that is signed' : null
}
