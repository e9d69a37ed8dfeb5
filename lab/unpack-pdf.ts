/**
 * Takes the records out of a PDF: each into a folder of its own below the system's temporary folder, with what its manifest
 * names beside it. What a file is called in the PDF is told and never used as a path; what goes with a manifest is known by
 * its digest.
 */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { RepriseError } from '../lib/errors.ts'
import type { Manifest } from '../provenance/manifest.ts'
import { namedFiles } from '../provenance/named-files.ts'
import { MAX_BYTES, parseManifest } from '../provenance/read-manifest.ts'
import type { Problem } from '../provenance/verify.ts'
import { storageError } from './durable.ts'
import { sha256Of } from './objects.ts'
import type { Attachment } from './pdf/attachments.ts'
import { MAX_PDF, PdfFile } from './pdf/file.ts'
import { listedProblems } from './pdf/listed.ts'
import { contentsOf } from './pdf/records.ts'
import { isFile, readRecord } from './record.ts'
import { allowance, MANIFEST_NAME } from './unpack.ts'

/** Bytes of all files together that go with manifests. */
const MOST_BESIDE = 2 ** 30
/** What is counted for a file that could not be inflated. */
const TRIED = 16 * 2 ** 20

/** A record that was taken out. */
export interface PdfRecord {
  /** From 1, in the order of the PDF. */
  readonly number: number
  /** What it is called in the PDF. */
  readonly file: string
  /** Where its manifest lies now. */
  readonly path: string
  /** Null where it cannot be read; then whoever verifies it says why. */
  readonly manifest: Manifest | null
  /** What the PDF says of it and is not so. */
  readonly problems: readonly Problem[]
}

/** The records of a PDF, taken out; whoever has it removes it. */
export class UnpackedPdf {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'reprise-pdf-')) // made for its owner alone
  records: readonly PdfRecord[] = []
  /** What is wrong with the PDF and belongs to none of the records. */
  problems: readonly Problem[] = []

  /** Takes all records out. Throws `not-intact` for a damaged PDF, `not-found` where there is none in it. */
  fill(path: string): void {
    const file = openPdf(path)
    const { records, others, metadata } = contentsOf(file)
    if (records.length === 0 && metadata.listed.length === 0) {
      throw new RepriseError('not-found', 'is a PDF in which there is no record', {
        subject: path,
        remedy: 'Its author can put one into it with reprise attach paper.pdf --run RUN',
      })
    }
    const read = records.map(({ attachment, bytes }) => ({
      file: attachment.name,
      bytes,
      manifest: manifestIn(bytes),
    }))
    const problems = listedProblems(metadata.listed, read)
    this.problems = problems.at(-1)!
    const wanted = read.flatMap(({ manifest }) => (manifest === null ? [] : wantedFiles(manifest)))
    const companions = new Companions(file, others, new Set(wanted.map(({ digest }) => digest)))
    this.records = read.map(({ file, bytes, manifest }, i) => {
      const folder = join(this.folder, String(i + 1))
      const place = put(folder, MANIFEST_NAME, bytes)
      const odd = manifest === null ? [] : companions.putAll(folder, manifest)
      return { number: i + 1, file, path: place, manifest, problems: [...problems[i]!, ...odd] }
    })
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** A PDF that a user names. Throws `not-intact`, or `refused` where it is encrypted; both name the file. */
export function openPdf(path: string): PdfFile {
  if (isFile(path) && statSync(path).size > MAX_PDF)
    throw new RepriseError('not-intact', `is larger than ${MAX_PDF} bytes`, { subject: path })
  const bytes = readRecord(path, MAX_PDF)
  try {
    return new PdfFile(bytes)
  } catch (error) {
    if (!(error instanceof RepriseError)) throw error
    throw new RepriseError(error.code, error.message, { subject: path, remedy: error.remedy })
  }
}

/** Files that a manifest names, by what they are to be called and their digest; a manifest may say anything. */
function wantedFiles(manifest: Manifest): { name: string; digest: string }[] {
  return namedFiles(manifest).flatMap((name) => {
    const digest = /[0-9a-f]{64}/.exec(name)?.[0]
    return digest === undefined || allowance(name) === null ? [] : [{ name, digest }]
  })
}

/** Attached files that are no manifests, found by their digest; each is read once, and only while one is missing. */
class Companions {
  readonly #file: PdfFile
  readonly #others: readonly Attachment[]
  readonly #unread: readonly Attachment[]
  readonly #wanted: ReadonlySet<string>
  readonly #known = new Map<string, Uint8Array>()
  #read = 0
  #left = MOST_BESIDE

  constructor(file: PdfFile, others: readonly Attachment[], wanted: ReadonlySet<string>) {
    this.#file = file
    this.#wanted = wanted
    // Those that are called like a digest come first: mostly nothing else need be read.
    const streams = new Map(others.map((other) => [other.stream, other]))
    this.#others = others
    this.#unread = [...streams.values()].sort(
      (a, b) => Number(digestIn(b) !== null) - Number(digestIn(a) !== null),
    )
  }

  /** Puts all that the manifest names and that is here beside it; tells of what is called so and is something else. */
  putAll(folder: string, manifest: Manifest): Problem[] {
    const problems: Problem[] = []
    for (const { name, digest } of wantedFiles(manifest)) {
      const bytes = this.#find(digest)
      if (bytes !== null) put(folder, name, bytes)
      else if (this.#others.some((other) => digestIn(other) === digest))
        problems.push({
          where: name,
          what: 'the file of this name in the PDF is not the one with this SHA-256',
        })
    }
    return problems
  }

  #find(digest: string): Uint8Array | null {
    while (!this.#known.has(digest) && this.#read < this.#unread.length && this.#left > 0) {
      const bytes = this.#contentOf(this.#unread[this.#read++]!)
      const found = sha256Of(bytes)
      if (this.#wanted.has(found)) this.#known.set(found, bytes)
    }
    return this.#known.get(digest) ?? null
  }

  /** Nothing for what cannot be read: most attached files are none of ours. To try costs, too. */
  #contentOf({ stream }: Attachment): Uint8Array {
    try {
      const bytes = this.#file.content(stream, Math.min(MAX_BYTES, this.#left))
      this.#left -= bytes.length
      return bytes
    } catch (error) {
      if (!(error instanceof RepriseError)) throw error
      this.#left -= TRIED
      return new Uint8Array()
    }
  }
}

/** The digest by which an attached file is called, or null. */
function digestIn({ name }: Attachment): string | null {
  return /^([0-9a-f]{64})(?:\.mjs|\.leaves)?$/.exec(name)?.[1] ?? null
}

function manifestIn(bytes: Uint8Array): Manifest | null {
  try {
    return parseManifest(bytes)
  } catch (error) {
    if (error instanceof RepriseError) return null
    throw error
  }
}

function put(folder: string, name: string, bytes: Uint8Array): string {
  const path = join(folder, name)
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFileSync(path, bytes, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    throw storageError(folder, error)
  }
  return path
}
