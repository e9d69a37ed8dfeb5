/**
 * The station's program: the far side of this folder as one file that needs nothing but Node, bundled when it is first
 * wanted and named by its SHA-256. The same sources give the same bytes, wherever Reprise is installed.
 */
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'

export interface Program {
  readonly bytes: Buffer
  /** SHA-256, hex. */
  readonly sha256: string
  /** Text of the program that takes it; see far/boot.ts. */
  readonly boot: string
}

const SOURCES = fileURLToPath(new URL('./far/', import.meta.url))

let built: Promise<Program> | null = null

export function stationProgram(): Promise<Program> {
  built ??= build()
  return built
}

async function build(): Promise<Program> {
  // In a process of its own: esbuild's service is shared, and whoever else uses it may end it at any time.
  const { buildSync } = await import('esbuild')
  const bundle = (name: string, format: 'esm' | 'iife') => {
    const { outputFiles } = buildSync({
      entryPoints: [name],
      absWorkingDir: SOURCES,
      bundle: true,
      write: false,
      format,
      platform: 'node',
      target: 'node20.19',
      charset: 'ascii',
      legalComments: 'none',
      // Names of files would say where Reprise lies. Syntax stays as it is: it is what the fingerprint is about.
      minifyWhitespace: true,
      minifyIdentifiers: true,
      tsconfigRaw: {},
      logLevel: 'silent',
    })
    return Buffer.from(outputFiles[0]!.contents)
  }
  const bytes = bundle('main.js', 'esm')
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { bytes, sha256, boot: bundle('boot.js', 'iife').toString('utf8').trim() }
}
