/**
 * Exports: a sealed run, or a manifest from anywhere, in the forms of other tools. What goes out is checked first: the
 * record against its digests, and the results, where they are at hand, chunk by chunk against the record.
 */
import { existsSync } from 'node:fs'
import { RepriseError } from '../lib/errors.ts'
import type { Author } from '../provenance/exports/author.ts'
import { bagTags } from '../provenance/exports/bag.ts'
import { crateMetadata } from '../provenance/exports/crate.ts'
import { isTime } from '../provenance/exports/facts.ts'
import { PATHS, type PayloadFile, type PayloadKind } from '../provenance/exports/payload.ts'
import { readmeText } from '../provenance/exports/readme.ts'
import type { Manifest, RunRecord } from '../provenance/manifest.ts'
import { parseManifest } from '../provenance/read-manifest.ts'
import { verifyManifest } from '../provenance/verify.ts'
import { readBeside, readInput } from './beside.ts'
import type { Lab, RunFolder } from './lab.ts'
import { appendEntry } from './ledger.ts'
import { sha256Of } from './objects.ts'
import { type FoundRecord, findRecord, runOfManifest } from './record.ts'
import { openChunks, type RecordedChunks } from './recorded-chunks.ts'
import { intactManifest } from './rerun.ts'
import { chunksRows } from './rows.ts'
import { type Put, type WrittenFile, writeWholeFolder } from './whole.ts'

/** A record whose own digests hold. */
export interface Exportable {
  readonly lab: Lab
  readonly record: FoundRecord
  readonly manifest: Manifest
  /** The run of this lab, where it has the results. */
  readonly run: RunFolder | null
}

/** Finds what is to be exported. Throws `not-found`, `incomplete`, or `not-intact` with the first problem. */
export function findExportable(lab: Lab, text: string): Exportable {
  const record = findRecord(lab, text)
  const parsed = parseManifest(record.bytes)
  const { leaves } = parsed.results
  const evidence =
    'sha256' in leaves ? { leaves: readBeside([record.folder], `${leaves.sha256}.leaves`) } : {}
  refuseProblems(verifyManifest(record.bytes, evidence).problems)
  refuseProblems(
    timesOf(parsed.run)
      .filter((time) => !isTime(time))
      .map((time) => ({ where: 'manifest', what: `${JSON.stringify(time).slice(0, 60)} is not a time` })),
  )
  const run = record.run ?? runOfManifest(lab, parsed)
  return { lab, record, manifest: parsed, run: run !== null && existsSync(run.results) ? run : null }
}

/** Makes an RO-Crate of it. */
export function writeCrate(
  found: Exportable,
  target: string,
  about: { readonly authors: readonly Author[]; readonly license: string | null },
): WrittenFile[] {
  return writeWholeFolder(target, (put) => {
    const files = putPayload(found, put, '')
    const metadata = crateMetadata({ manifest: found.manifest, files, ...about })
    return [...files.map(plainFile), put('ro-crate-metadata.json', metadata)]
  })
}

/** Makes a bag of it. */
export function writeBag(found: Exportable, target: string, authors: readonly Author[]): WrittenFile[] {
  return writeWholeFolder(target, (put) => {
    const files = putPayload(found, put, 'data/')
    const tags = Object.entries(bagTags(found.manifest, files, authors))
    return [
      ...files.map((file) => ({ ...plainFile(file), path: `data/${file.path}` })),
      ...tags.map(([path, text]) => put(path, text)),
    ]
  })
}

/** Files that an entry names. */
const MOST_FILES = 1_000

/** Enters an export of a run of this lab into its ledger: in which forms, with the digests of the files. */
export function recordExport(
  { lab, manifest, run }: Exportable,
  written: readonly { readonly format: string; readonly files: readonly WrittenFile[] }[],
): void {
  if (run === null) return // it is another lab's
  const files = written.flatMap(({ format, files: made }) =>
    made.map(({ path, sha256 }) => ({ name: `${format}/${path}`, sha256 })),
  )
  const some = files.slice(0, MOST_FILES) // a crate may have an input for every point
  const what = written.map(({ format }) => format).join(', ')
  appendEntry(lab, 'exported', { run: manifest.run.id, what, files: some }, new Date())
}

/** Enters the export of one chunk of a run of this lab. */
export function recordChunkExport(lab: Lab, run: string, chunk: number, proof: Uint8Array): void {
  const files = [{ name: `chunk/${chunk}`, sha256: sha256Of(proof) }]
  appendEntry(lab, 'exported', { run, what: 'chunk', files }, new Date())
}

/** Puts the manifest and what goes with it below `folder`, each file where `rerun` looks for it. */
function putPayload(found: Exportable, put: Put, folder: string): PayloadFile[] {
  const { lab, record, manifest } = found
  const { capsule, leaves } = intactManifest(lab, record)
  const files: PayloadFile[] = []
  const add = (kind: PayloadKind, path: string, content: Parameters<Put>[1]) =>
    void files.push({ kind, ...put(`${folder}${path}`, content), path })
  add('manifest', PATHS.manifest, record.bytes)
  add('capsule', PATHS.capsule(manifest.capsule.sha256), capsule)
  if (leaves !== null && 'sha256' in manifest.results.leaves)
    add('leaves', PATHS.leaves(manifest.results.leaves.sha256), leaves)
  for (const digest of [...new Set(Object.values(manifest.run.inputs))].sort())
    add('input', PATHS.input(digest), inputBytes(found, digest))
  withResults(found, capsule, leaves, (lines) => add('results', PATHS.results, lines))
  add('readme', PATHS.readme, readmeText(manifest, files))
  return files
}

/** Gives the results, where they are at hand, after every chunk was held against the record. */
function withResults(
  { lab, record, manifest }: Exportable,
  capsule: Uint8Array,
  leaves: Uint8Array | null,
  use: (lines: Iterable<string>) => void,
): void {
  const found = openChunks(lab, record, manifest, true)
  if (found === null) return
  try {
    refuseProblems(verifyManifest(record.bytes, { capsule, leaves, chunks: found.chunks() }).problems)
    use(rowLines(manifest, found))
  } finally {
    found.close()
  }
}

function* rowLines({ experiment }: Manifest, found: RecordedChunks): Generator<string> {
  for (const row of chunksRows(experiment, found.chunks())) yield `${JSON.stringify(row)}\n`
}

function inputBytes({ lab, record }: Exportable, digest: string): Uint8Array {
  const bytes = readInput(record.folder, lab.inputs, digest)
  if (bytes !== null && sha256Of(bytes) === digest) return bytes
  throw new RepriseError(
    bytes === null ? 'not-found' : 'not-intact',
    `the input with SHA-256 ${digest} is not here`,
    {
      subject: 'inputs',
      remedy: 'Put it beside the manifest under that name',
    },
  )
}

function timesOf({ planned, sealed, sessions, registered }: RunRecord): string[] {
  return [
    planned,
    sealed,
    ...(registered === undefined ? [] : [registered.time]),
    ...sessions.flatMap(({ started, ended }) => [started, ...(ended === null ? [] : [ended])]),
  ]
}

function refuseProblems(problems: readonly { readonly where: string; readonly what: string }[]): void {
  const [first] = problems
  if (first === undefined) return
  throw new RepriseError('not-intact', first.what, {
    subject: first.where,
    remedy: 'Nothing was exported; see reprise verify',
  })
}

function plainFile({ path, sha256, bytes }: PayloadFile): WrittenFile {
  return { path, sha256, bytes }
}
