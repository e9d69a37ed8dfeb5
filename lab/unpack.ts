/**
 * Takes a bundle apart: into a folder of its own below the system's temporary folder, from which it is read like any manifest
 * with what lies beside it. Only files of known names come out, those named by a digest only with the content of that
 * digest; their sizes are known before, and held while they come.
 */
import { createHash } from 'node:crypto'
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32 } from 'node:zlib'
import { MAX_CHUNKS } from '../lib/document.ts'
import { RepriseError } from '../lib/errors.ts'
import { namedFiles } from '../provenance/named-files.ts'
import { MAX_BYTES, parseManifest } from '../provenance/read-manifest.ts'
import { storageError } from './durable.ts'
import { beginsAsPdf } from './pdf/file.ts'
import { firstBytes, isFile } from './record.ts'
import { Archive, asNotIntact, bad, type ZipEntry } from './unzip.ts'

export const MANIFEST_NAME = 'manifest.json'
export const CHUNKS_NAME = 'chunks.jsonl'
export const README_NAME = 'README.txt'

/** What may be in a bundle, and how large it may be at most. */
const KNOWN: readonly (readonly [name: RegExp, most: number])[] = [
  [/^manifest\.json$/, MAX_BYTES],
  [/^README\.txt$/, 2 ** 20],
  [/^chunks\.jsonl$/, Number.MAX_SAFE_INTEGER],
  [/^[0-9a-f]{64}\.leaves$/, 32 * MAX_CHUNKS],
  [/^[0-9a-f]{64}\.mjs$/, 2 ** 30],
  [/^(?:inputs|objects)\/[0-9a-f]{64}$/, Number.MAX_SAFE_INTEGER],
]

/** The most bytes that a file of this name may have in a bundle; null where it does not belong there. */
export function allowance(name: string): number | null {
  return KNOWN.find(([pattern]) => pattern.test(name))?.[1] ?? null
}

/** Whether a file is a bundle, by how it begins, whatever it is called. */
export function isBundle(path: string): boolean {
  if (!isFile(path)) return false
  const magic = Buffer.from(firstBytes(path, 4)).toString('latin1')
  return magic === 'PK\x03\x04' || magic === 'PK\x05\x06'
}

/** Whether a file is a PDF, by how it begins. */
export function isPdf(path: string): boolean {
  return isFile(path) && beginsAsPdf(firstBytes(path, 5))
}

/** A bundle that was taken apart; whoever has it removes it. */
export class Unpacked {
  readonly folder: string
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'reprise-bundle-')) // made for its owner alone
  }

  /** Where the manifest lies, with all else beside it. */
  get manifest(): string {
    return join(this.folder, MANIFEST_NAME)
  }

  /** Takes the bundle apart, without its results where nobody wants them. Throws `not-intact` naming the file. */
  async fill(bundle: string, wanted: { readonly results: boolean }): Promise<void> {
    const archive = await Archive.open(bundle, allowance)
    try {
      if (!archive.entries.some(({ name }) => name === MANIFEST_NAME))
        throw new RepriseError('not-intact', 'is a ZIP file without a manifest.json', {
          subject: bundle,
          remedy: 'Give a bundle that reprise export made, or the manifest itself',
        })
      const first = archive.entries.filter(({ name }) => name === MANIFEST_NAME)
      for (const entry of first) await extract(archive, entry, this.folder)
      const strange = unnamed(this.manifest, archive.entries)
      if (strange !== null) throw bad(strange, 'is in the bundle, and the manifest does not name it')
      for (const entry of archive.entries)
        if (entry.name !== MANIFEST_NAME && (wanted.results || entry.name !== CHUNKS_NAME))
          await extract(archive, entry, this.folder)
    } finally {
      archive.close()
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/**
 * The first that is named by a digest and not named by the manifest at this path: nothing of that kind comes out. A
 * manifest that cannot be read is for whoever reads it to refuse.
 */
export function unnamed(path: string, entries: Iterable<{ readonly name: string }>): string | null {
  let named: Set<string>
  try {
    named = new Set(namedFiles(parseManifest(readFileSync(path))))
  } catch (error) {
    if (error instanceof RepriseError) return null
    throw error
  }
  for (const { name } of entries) if (/[0-9a-f]{64}/.test(name) && !named.has(name)) return name
  return null
}

async function extract(archive: Archive, entry: ZipEntry, folder: string): Promise<void> {
  const path = join(folder, entry.name)
  const hash = createHash('sha256')
  let check = 0
  const digested = new Transform({
    transform(piece: Buffer, _, done) {
      hash.update(piece)
      check = crc32(piece, check)
      done(null, piece)
    },
  })
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const content = await archive.content(entry)
  await asNotIntact(async () => {
    try {
      await pipeline(content, digested, createWriteStream(path, { flags: 'wx', mode: 0o600 }))
    } catch (error) {
      throw (error as NodeJS.ErrnoException).syscall === undefined ? error : storageError(folder, error)
    }
  })
  if (check !== entry.entry.crc32) throw bad(entry.name, 'is damaged: its checksum is another')
  const named = /[0-9a-f]{64}/.exec(entry.name)?.[0]
  if (named !== undefined && named !== hash.digest('hex'))
    throw bad(entry.name, 'is not the file with this SHA-256')
}
