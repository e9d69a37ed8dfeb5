/**
 * A bundle: one file with all that a stranger needs of a run: its manifest, what the manifest names, and its results. The
 * same record gives the same bytes. Everything is checked on its way in, so that no broken bundle leaves the lab, and
 * results are streamed however many they are.
 */
import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, existsSync, linkSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { utf8 } from '../lib/digest.ts'
import { RepriseError } from '../lib/errors.ts'
import type { Manifest } from '../provenance/manifest.ts'
import { namedFiles } from '../provenance/named-files.ts'
import { pathAtHand } from './beside.ts'
import { bundleReadme } from './bundle-readme.ts'
import { MAX_LINE } from './chunk-lines.ts'
import { storageError, syncFolder } from './durable.ts'
import { heldChunks } from './held-chunks.ts'
import type { Lab } from './lab.ts'
import type { FoundRecord } from './record.ts'
import { openChunks, type RecordedChunks } from './recorded-chunks.ts'
import { intactManifest } from './rerun.ts'
import { allowance, CHUNKS_NAME, MANIFEST_NAME, README_NAME } from './unpack.ts'
import { Archive, growsTooMuch } from './unzip.ts'
import { writeZip, type ZipSource } from './zip.ts'

export interface BundleReport {
  readonly run: string
  readonly root: string
  /** Names of what is in it. */
  readonly files: readonly string[]
  /** Of the bundle: its length and digest. */
  readonly bytes: number
  readonly sha256: string
  /** What the manifest names or could have with it, and is not at hand. */
  readonly missing: readonly string[]
}

/** Writes the bundle of a record to `target`; replaces what is there only with `force`. */
export async function writeBundle(
  lab: Lab,
  record: FoundRecord,
  target: string,
  force: boolean,
): Promise<BundleReport> {
  const { manifest, leaves } = intactManifest(lab, record)
  if (existsSync(target) && !force) throw isThere(target)
  const chunks = openChunks(lab, record, manifest, true)
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(4).toString('hex')}.tmp`)
  try {
    const missing: string[] = []
    const sources = sourcesOf(lab, record, manifest, missing)
    if (chunks === null) missing.push(CHUNKS_NAME)
    else sources.push(chunkSource(chunks, manifest, leaves))
    await writeSane(temporary, sources)
    putInPlace(temporary, target, force)
    const files = sources.map(({ name }) => name)
    const bytes = statSync(target).size
    const sha256 = await digestOf(target)
    return { run: manifest.run.id, root: manifest.results.root, files, bytes, sha256, missing }
  } catch (error) {
    throw error instanceof RepriseError ? error : storageError(target, error)
  } finally {
    rmSync(temporary, { force: true })
    chunks?.close()
  }
}

/** SHA-256 of a file, hex. */
export async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer)
  return hash.digest('hex')
}

/** Everything but the results; what is not at hand is added to `missing`. */
function sourcesOf(lab: Lab, record: FoundRecord, manifest: Manifest, missing: string[]): ZipSource[] {
  const sources: ZipSource[] = [
    { name: MANIFEST_NAME, bytes: record.bytes },
    { name: README_NAME, bytes: utf8(bundleReadme(manifest)) },
  ]
  for (const name of namedFiles(manifest)) {
    const path = pathAtHand(lab, record.folder, name)
    if (path === null) missing.push(name)
    else sources.push(fileSource(name, path))
  }
  return sources
}

/** A file named by its digest, checked while it is read. */
function fileSource(name: string, path: string): ZipSource {
  const digest = /[0-9a-f]{64}/.exec(name)?.[0]
  async function* checked(): AsyncGenerator<Buffer> {
    const hash = createHash('sha256')
    for await (const piece of createReadStream(path)) {
      hash.update(piece as Buffer)
      yield piece as Buffer
    }
    if (hash.digest('hex') !== digest)
      throw new RepriseError('not-intact', 'is not the file with this SHA-256', { subject: path })
  }
  return { name, size: statSync(path).size, open: () => Readable.from(checked(), { objectMode: false }) }
}

/** The results as lines. They are read once to know their length, and again to be written. */
function chunkSource(chunks: RecordedChunks, manifest: Manifest, leaves: Uint8Array | null): ZipSource {
  function* lines(): Generator<Buffer> {
    for (const { chunk, bytes } of heldChunks(chunks, manifest, leaves)) {
      if (bytes.length > MAX_LINE)
        throw new RepriseError(
          'not-intact',
          `has ${bytes.length} bytes, more than a line of a bundle may have`,
          { subject: `chunk ${chunk}`, remedy: 'See what reprise verify says of it' },
        )
      yield Buffer.concat([bytes, LINE_END])
    }
  }
  let size = 0
  for (const { bytes } of chunks.chunks()) size += bytes.length + 1
  return { name: CHUNKS_NAME, size, open: () => Readable.from(lines(), { objectMode: false }) }
}

const LINE_END = Buffer.from('\n')

/** Writes what a reader will take: files that grow too much when they come out are stored as they are. */
async function writeSane(path: string, sources: readonly ZipSource[]): Promise<void> {
  await writeZip(path, sources, new Set())
  const archive = await Archive.open(path, allowance, Number.POSITIVE_INFINITY)
  archive.close()
  const dense = archive.entries.filter((entry) => growsTooMuch(entry)).map(({ name }) => name)
  if (dense.length === 0) return
  rmSync(path)
  await writeZip(path, sources, new Set(dense))
}

/** Gives the finished file its name; without `force` never that of a file that is there. */
function putInPlace(temporary: string, target: string, force: boolean): void {
  if (force) renameSync(temporary, target)
  else
    try {
      linkSync(temporary, target)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw isThere(target)
      renameSync(temporary, target) // no hard links there
    }
  syncFolder(dirname(target))
}

function isThere(target: string): RepriseError {
  return new RepriseError('refused', 'is there already', {
    subject: target,
    remedy: 'Name another file, or say --force',
  })
}
