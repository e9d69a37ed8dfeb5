/**
 * Puts records into a PDF: the exact manifest, and what a rerun needs beside it, as attached files, and a line about each in the
 * metadata. The PDF is appended to and never written anew; a record that is in it already changes nothing.
 */
import { readFileSync, realpathSync, statSync } from 'node:fs'
import { RepriseError } from '../lib/errors.ts'
import { parseManifest } from '../provenance/read-manifest.ts'
import { filesBeside, manifestName } from './attached-files.ts'
import { writeDurably } from './durable.ts'
import type { Exportable } from './export.ts'
import { sha256Of } from './objects.ts'
import { PdfFile } from './pdf/file.ts'
import { type Added, additions } from './pdf/grow.ts'
import type { Stream } from './pdf/objects.ts'
import { type Contents, contentsOf } from './pdf/records.ts'
import { signatureOf } from './pdf/signed.ts'
import { openPdf } from './unpack-pdf.ts'

/** More than this is not read to see whether it is one of ours. */
const MOST_LOOKED_AT = 10 * 2 ** 20
/** Bytes of all that is read so, of which one that cannot be read counts for so many. */
const [MOST_IN_ALL, TRIED] = [256 * 2 ** 20, 4 * 2 ** 20]

/** What became of one record. */
export interface AttachedRecord {
  readonly run: string
  readonly experiment: string
  readonly root: string
  /** What its manifest is called in the PDF. */
  readonly file: string
  /** `replaced`: the same record was there with another proof, such as before somebody witnessed it. */
  readonly state: 'added' | 'replaced' | 'there'
  /** What is in the PDF beside the manifest, and what the manifest names and is not. */
  readonly beside: readonly string[]
  readonly missing: readonly { readonly name: string; readonly why: string }[]
}

export interface AttachedPdf {
  readonly records: readonly AttachedRecord[]
  readonly changed: boolean
  readonly bytes: Uint8Array
  /** What the author should know of this PDF. */
  readonly notes: readonly string[]
}

/** The PDF at `path` with these records in it; nothing is written. Throws `refused` where it must not be changed. */
export function attachToPdf(path: string, records: readonly Exportable[]): AttachedPdf {
  const file = refusing(path, () => openPdf(path))
  const contents = refusing(path, () => {
    const signed = signatureOf(file)
    if (signed !== null) throw signedPdf(path, signed)
    return contentsOf(file)
  })
  const names = new Set(
    [...contents.records.map(({ attachment }) => attachment), ...contents.others].map(({ name }) => name),
  )
  const known = digestsOf(file, contents.others)
  const added: Added[] = []
  const once = records.filter(isFirst)
  const told = once.map((found) => {
    const { manifest, record } = found
    const there = recordThere(contents, manifest.proof.record)
    const same = there !== undefined && Buffer.compare(there.bytes, record.bytes) === 0
    const name = there?.attachment.name ?? manifestName(manifest.results.root, names)
    names.add(name)
    added.push({
      kind: 'record',
      name,
      bytes: record.bytes,
      manifest,
      replaces: same ? null : (there?.attachment ?? null),
      same,
    })
    const { files, missing } = filesBeside(found)
    const beside = files.map(({ name, bytes }) => {
      const digest = sha256Of(bytes)
      const there = known.get(digest)
      if (there !== undefined) return there
      known.set(digest, name)
      added.push({ kind: 'beside', name, bytes, manifest, replaces: null, same: false })
      return name
    })
    const { run, experiment, results } = manifest
    const state = same ? ('there' as const) : there !== undefined ? ('replaced' as const) : ('added' as const)
    return {
      run: run.id,
      experiment: experiment.hash,
      root: results.root,
      file: name,
      state,
      beside,
      missing,
    }
  })
  const bytes = additions(file, contents, added)
  if (bytes !== null) lookAgain(bytes, once)
  return { records: told, changed: bytes !== null, bytes: bytes ?? file.bytes, notes: notesOn(contents) }
}

/** Writes a PDF whole, over the file that a link leads to where it is one, with the permissions that were there. */
export function writePdf(target: string, bytes: Uint8Array): void {
  const there = statSync(target, { throwIfNoEntry: false })
  const place = there === undefined ? target : realpathSync(target)
  if (there !== undefined && Buffer.compare(readFileSync(place), bytes) === 0) return
  writeDurably(place, bytes, there === undefined ? {} : { mode: there.mode & 0o777 })
}

/** Whoever names a record twice means it once. */
function isFirst({ manifest }: Exportable, i: number, records: readonly Exportable[]): boolean {
  return records.findIndex((other) => other.manifest.proof.record === manifest.proof.record) === i
}

function recordThere({ records }: Contents, record: string): Contents['records'][number] | undefined {
  return records.find(({ bytes }) => {
    try {
      return parseManifest(bytes).proof.record === record
    } catch (error) {
      if (error instanceof RepriseError) return false
      throw error
    }
  })
}

/** Names of attached files by their digests; each stream is read once, however many names it has. */
function digestsOf(file: PdfFile, others: Contents['others']): Map<string, string> {
  const known = new Map<string, string>()
  const streams = new Map(others.map(({ stream, name }) => [stream, name]))
  let left = MOST_IN_ALL
  for (const [stream, name] of streams) {
    if (left <= 0) break
    const bytes = contentIn(file, stream, Math.min(MOST_LOOKED_AT, left))
    left -= bytes?.length ?? TRIED
    if (bytes !== null) known.set(sha256Of(bytes), name)
  }
  return known
}

/** Null for what is too large, or cannot be read, to be one of ours. */
function contentIn(file: PdfFile, stream: Stream, most: number): Uint8Array | null {
  try {
    return file.content(stream, most)
  } catch (error) {
    if (error instanceof RepriseError) return null
    throw error
  }
}

/** Reads what was made as anybody would: nothing is written over a paper that could not be read again. */
function lookAgain(bytes: Uint8Array, records: readonly Exportable[]): void {
  const { records: found } = contentsOf(new PdfFile(bytes))
  const lost = records.find(
    ({ record }) => !found.some((other) => Buffer.compare(other.bytes, record.bytes) === 0),
  )
  if (lost !== undefined)
    throw new RepriseError(
      'storage',
      `the record of run ${lost.manifest.run.id} cannot be read again from the PDF`,
      {
        remedy: 'Nothing was written; attach it to a PDF that qpdf has written anew: qpdf paper.pdf anew.pdf',
      },
    )
}

function notesOn({ metadata }: Contents): string[] {
  const part = /pdfaid:part\s*(?:=\s*["']|>)\s*([12])\b/.exec(metadata.xmp ?? '')?.[1]
  if (part === undefined) return []
  return [`it calls itself PDF/A-${part}, which allows no such attachments; PDF/A-3 does`]
}

/** What is wrong with a PDF is a reason not to change it. */
function refusing<T>(path: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof RepriseError) || error.code !== 'not-intact') throw error
    throw new RepriseError('refused', error.message, { subject: path, remedy: error.remedy })
  }
}

function signedPdf(subject: string, what: string): RepriseError {
  return new RepriseError('refused', `is signed (${what}), and any change would break that`, {
    subject,
    remedy:
      'Attach the record first and sign then, or write it beside the paper: reprise export RUN --bundle paper.zip',
  })
}
