/** The records in a PDF: attached files that are manifests, whoever attached them, and what its metadata says of them. */
import { MAX_BYTES } from '../../provenance/read-manifest.ts'
import { type Attachment, attachments } from './attachments.ts'
import type { PdfFile } from './file.ts'
import { type PdfObject, Ref, Stream } from './objects.ts'
import { latin1 } from './scanner.ts'
import { type Listed, listedIn, MAX_XMP, MOST_RECORDS } from './xmp.ts'

/** As `attach` calls them; so one that is damaged is still seen to be meant. */
const NAMED = /^reprise-[0-9a-f]{12}(?:-\d+)?\.json$/
/** How every manifest begins (FORMAT.md §9.3): its keys are sorted. */
const BEGINS = /^\{\s*"capsule":\s*\{\s*"bytes":/

export interface Contents {
  /** Attached manifests, each content once, in the order of their names. */
  readonly records: readonly { readonly attachment: Attachment; readonly bytes: Uint8Array }[]
  /** All other attached files. */
  readonly others: readonly Attachment[]
  readonly metadata: Metadata
}

export interface Metadata {
  /** The metadata, where there is any; null too where it is no text. */
  readonly xmp: string | null
  readonly place: PdfObject
  readonly stream: Stream | null
  readonly listed: readonly Listed[]
}

/** Reads what there is of records. Throws `not-intact` for what cannot be read. */
export function contentsOf(file: PdfFile): Contents {
  const metadata = metadataOf(file)
  const records: { attachment: Attachment; bytes: Uint8Array }[] = []
  const others: Attachment[] = []
  const names = new Set(metadata.listed.map((listed) => listed.file))
  const begins = new Map<Stream, boolean>()
  const taken = new Set<Stream>()
  let left = 2 * MAX_BYTES
  for (const attachment of attachments(file)) {
    const { name, stream } = attachment
    if (taken.has(stream)) continue // it has many names
    if (!begins.has(stream)) begins.set(stream, BEGINS.test(latin1(file.beginning(stream))))
    const meant = NAMED.test(name) || names.has(name.trim()) || begins.get(stream) === true
    if (!meant || records.length >= MOST_RECORDS) {
      others.push(attachment)
      continue
    }
    taken.add(stream)
    const bytes = file.content(stream, Math.min(left, MAX_BYTES))
    left -= bytes.length
    const again = records.some((record) => Buffer.compare(record.bytes, bytes) === 0)
    if (!again) records.push({ attachment, bytes })
  }
  return { records, others, metadata }
}

function metadataOf(file: PdfFile): Metadata {
  const place = file.catalog.get('Metadata') ?? null
  const stream = file.resolve(place)
  if (!(stream instanceof Stream)) return { xmp: null, place, stream: null, listed: [] }
  const xmp = textIn(file.content(stream, MAX_XMP))
  const listed = xmp === null ? [] : listedIn(xmp)
  return { xmp, place: place instanceof Ref ? place : null, stream, listed }
}

function textIn(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}
