/**
 * Whether a PDF is signed: then not a byte may be added without those who signed, or whoever trusts them, being told that the
 * paper was changed. Every object is looked at, so that a file that is damaged anywhere is not written over either.
 */
import type { PdfFile } from './file.ts'
import { type Dict, isArray, isDict, isName, type PdfObject, Stream } from './objects.ts'

/** Bit 1 of /SigFlags: there is a signature. */
const SIGNATURES_EXIST = 1
/** Fields within each other, of which one may have its kind. */
const MOST_PARENTS = 32

/** What shows that the file is signed; null when nothing does. Throws `not-intact` for an object that cannot be read. */
export function signatureOf(file: PdfFile): string | null {
  const form = file.resolve(file.catalog.get('AcroForm'))
  const flags = isDict(form) ? file.resolve(form.get('SigFlags')) : 0
  if (typeof flags === 'number' && (flags & SIGNATURES_EXIST) !== 0) return 'its form says that it is signed'
  if (file.resolve(file.catalog.get('Perms')) !== null) return 'it says who may change it (/Perms)'
  if (file.resolve(file.catalog.get('DSS')) !== null)
    return 'it holds what its signatures are checked with (/DSS)'
  for (const number of file.places.objects.keys()) {
    const what = signatureIn(file, file.object(number))
    if (what !== null) return what
  }
  return null
}

/** In an object, or in what is written within it: references lead to objects that are looked at in their turn. */
function signatureIn(file: PdfFile, whole: PdfObject): string | null {
  const left: PdfObject[] = [whole]
  for (let object = left.pop(); object !== undefined; object = left.pop()) {
    const dict = object instanceof Stream ? object.dict : object
    if (isArray(dict)) for (const item of dict) left.push(item)
    if (!isDict(dict)) continue
    if (dict.has('ByteRange')) return 'it holds a signature over a range of its bytes'
    if (isSignedField(file, dict)) return 'it has a field that is signed'
    for (const value of dict.values()) left.push(value)
  }
  return null
}

/** A field has its kind itself, or from those it is within. */
function isSignedField(file: PdfFile, field: Dict): boolean {
  if (file.resolve(field.get('V')) === null) return false
  let holder: PdfObject = field
  for (let steps = 0; isDict(holder) && steps < MOST_PARENTS; steps++) {
    const kind = file.resolve(holder.get('FT'))
    if (kind !== null) return isName(kind, 'Sig')
    holder = file.resolve(holder.get('Parent'))
  }
  return false
}
