/**
 * The head's program as one file: our far side with all that it needs, and in it the program that makes stations of the
 * workers, which cannot be bundled there. Named by its SHA-256; the same sources give the same bytes.
 */
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { stationProgram } from '../station/program.ts'

const SOURCES = fileURLToPath(new URL('.', import.meta.url))

let built: Promise<{ bytes: Buffer; sha256: string }> | null = null

export function headProgram(): Promise<{ bytes: Buffer; sha256: string }> {
  built ??= build()
  return built
}

async function build(): Promise<{ bytes: Buffer; sha256: string }> {
  const { bytes, boot } = await stationProgram()
  const { buildSync } = await import('esbuild')
  const { outputFiles } = buildSync({
    entryPoints: ['far.js'],
    absWorkingDir: SOURCES,
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    charset: 'ascii',
    legalComments: 'none',
    minifyWhitespace: true, // and with that the names of files, which say where Reprise lies
    tsconfigRaw: {},
    logLevel: 'silent',
    external: ['esbuild'], // what would bundle is never asked to, there
    define: { STATION_PROGRAM: JSON.stringify({ text: bytes.toString('utf8'), boot }) },
  })
  const program = Buffer.from(outputFiles[0]!.contents)
  return { bytes: program, sha256: createHash('sha256').update(program).digest('hex') }
}
