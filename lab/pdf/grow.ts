/**
 * Adds files to a PDF: each as an embedded file of its own, entered in the tree of names (7.7.4), named as belonging to the document
 * (/AF, 14.13) and, where it is a record, listed in the metadata. All that was there is kept.
 */
import { deflateSync } from 'node:zlib'
import type { Manifest } from '../../provenance/manifest.ts'
import { type Attachment, attachedLeaves, type Leaf } from './attachments.ts'
import type { PdfFile } from './file.ts'
import { listedOf } from './listed.ts'
import { dictOf, isArray, isDict, Name, type PdfObject, Ref, Stream } from './objects.ts'
import type { Contents } from './records.ts'
import { Update } from './update.ts'
import { withListed } from './xmp.ts'

/** A file that is to be in the PDF. */
export interface Added {
  readonly kind: 'record' | 'beside'
  readonly name: string
  readonly bytes: Uint8Array
  /** The record that it is, or goes with. */
  readonly manifest: Manifest
  /** What it takes the place of. */
  readonly replaces: Attachment | null
  /** It is there already, and need only be listed. */
  readonly same: boolean
}

/** The PDF with these files; null where all is in it already. */
export function additions(file: PdfFile, contents: Contents, added: readonly Added[]): Uint8Array | null {
  const update = new Update(file)
  const fresh = added.filter(({ same }) => !same)
  const catalog = new Map(file.catalog)
  if (fresh.length > 0) {
    const made = fresh.map((addition) => ({ addition, ref: addFile(update, addition) }))
    const replaced = new Set(fresh.map(({ replaces }) => replaces?.value ?? null))
    const kept = attachedLeaves(file).filter(({ value }) => !isOneOf(value, replaced))
    const leaves = [
      ...kept,
      ...made.map(({ addition, ref }) => ({ key: textString(addition.name), value: ref })),
    ]
    enterNames(file, update, catalog, leaves)
    const listed = file.resolve(catalog.get('AF'))
    const before = (isArray(listed) ? listed : []).filter((item) => !isOneOf(item, replaced))
    catalog.set('AF', [...before, ...made.map(({ ref }) => ref)])
  }
  const relisted = enterMetadata(update, catalog, contents, added)
  if (fresh.length === 0 && !relisted) return null
  update.set(file.catalogRef, catalog)
  return update.bytes()
}

/** An embedded file and its specification. */
function addFile(update: Update, { kind, name, bytes, manifest }: Added): Ref {
  const packed = deflateSync(bytes, { level: 9 })
  const stream = new Stream(
    dictOf({
      Type: new Name('EmbeddedFile'),
      Subtype: new Name(typeOf(name)),
      Params: dictOf({ Size: bytes.length, ModDate: Buffer.from(pdfDate(manifest.run.sealed)) }),
      Filter: new Name('FlateDecode'),
      Length: packed.length,
    }),
    packed,
  )
  const embedded = update.add(stream)
  const experiment = manifest.experiment.document.name
  const what =
    kind === 'record'
      ? `Provenance record of the experiment ${experiment}: check it with reprise verify, have it again with reprise rerun`
      : `Goes with the provenance record of the experiment ${experiment}`
  return update.add(
    dictOf({
      Type: new Name('Filespec'),
      F: textString(name),
      UF: textString(name),
      Desc: textString(what),
      AFRelationship: new Name(kind === 'record' ? 'Data' : 'Supplement'),
      EF: dictOf({ F: embedded, UF: embedded }),
    }),
  )
}

/** The tree of names as one leaf, sorted: papers have few files. */
function enterNames(
  file: PdfFile,
  update: Update,
  catalog: Map<string, PdfObject>,
  leaves: readonly Leaf[],
): void {
  const sorted = [...leaves].sort((a, b) => Buffer.compare(a.key, b.key))
  const tree = update.add(dictOf({ Names: sorted.flatMap(({ key, value }) => [key, value]) }))
  const place = catalog.get('Names')
  const names = file.resolve(place)
  const changed = new Map(isDict(names) ? names : []).set('EmbeddedFiles', tree)
  if (place instanceof Ref) update.set(place, changed)
  else catalog.set('Names', changed)
}

/** Lists records in the metadata that are not listed yet; whether any was not. */
function enterMetadata(
  update: Update,
  catalog: Map<string, PdfObject>,
  { metadata }: Contents,
  added: readonly Added[],
): boolean {
  const entries = added.flatMap(({ kind, name, manifest }) =>
    kind === 'record' ? [listedOf(name, manifest)] : [],
  )
  const kept = metadata.listed.filter(({ record, file }) =>
    entries.every((entry) => entry.record !== record && entry.file !== file),
  )
  const listed = [...kept, ...entries]
  const known = (entry: (typeof entries)[number]) =>
    metadata.listed.some((old) => JSON.stringify(old) === JSON.stringify(entry))
  if (listed.length === metadata.listed.length && entries.every(known)) return false
  const { stream, place } = metadata
  const bytes = Buffer.from(withListed(stream === null ? null : (metadata.xmp ?? ''), listed))
  const others = [...(stream?.dict ?? [])].filter(([key]) => key !== 'Filter' && key !== 'DecodeParms')
  const dict = new Map<string, PdfObject>([
    ...others,
    ['Type', new Name('Metadata')],
    ['Subtype', new Name('XML')],
    ['Length', bytes.length],
  ])
  if (place instanceof Ref) update.set(place, new Stream(dict, bytes))
  else catalog.set('Metadata', update.add(new Stream(dict, bytes)))
  return true
}

function isOneOf(object: PdfObject, values: ReadonlySet<PdfObject>): boolean {
  return [...values].some(
    (value) =>
      value !== null &&
      (value === object || (value instanceof Ref && object instanceof Ref && value.number === object.number)),
  )
}

function typeOf(name: string): string {
  if (name.endsWith('.json')) return 'application/json'
  return name.endsWith('.mjs') ? 'text/javascript' : 'application/octet-stream'
}

/** ASCII as it stands, all else as UTF-16 (7.9.2.2). */
function textString(text: string): Uint8Array {
  if (/^[ -~]*$/.test(text)) return Buffer.from(text)
  return Buffer.from(`\ufeff${text}`, 'utf16le').swap16()
}

/** `2026-11-23T05:51:07.123Z` as `D:20261123055107Z`. */
function pdfDate(time: string): string {
  return `D:${time.slice(0, 19).replace(/[-:T]/g, '')}Z`
}
