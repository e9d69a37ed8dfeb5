/**
 * Programs that travel: sources of this repository with all that they need, as one file that wants nothing but Node. The same
 * sources give the same bytes, wherever Reprise is installed: names of files, which would say where, are left out.
 */
import { createHash } from 'node:crypto'
import type { BuildOptions } from 'esbuild'

export interface OneFile {
  readonly bytes: Buffer
  /** SHA-256, hex. */
  readonly sha256: string
}

/** What CommonJS among the packages of a bundle needs of Node, which an ES module has not by itself. */
export const REQUIRE =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);"

/** `entry` in a folder of sources; syntax stays as it is, unless `more` says otherwise: it is what fingerprints are about. */
export async function oneFile(folder: string, entry: string, more: BuildOptions = {}): Promise<OneFile> {
  // In a process of its own: esbuild's service is shared, and whoever else uses it may end it at any time.
  const { buildSync } = await import('esbuild')
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    absWorkingDir: folder,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    charset: 'ascii',
    legalComments: 'none',
    minifyWhitespace: true,
    tsconfigRaw: {},
    logLevel: 'silent',
    ...more,
    write: false,
  })
  const bytes = Buffer.from(outputFiles[0]!.contents)
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') }
}

/** The text of a program that is a word of a command: `entry` as a script, with short names. */
export async function oneText(folder: string, entry: string, more: BuildOptions = {}): Promise<string> {
  const { bytes } = await oneFile(folder, entry, { format: 'iife', minifyIdentifiers: true, ...more })
  return bytes.toString('utf8').trim()
}
