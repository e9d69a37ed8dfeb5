/**
 * The station's program: the far side of this folder as one file that needs nothing but Node, bundled when it is first
 * wanted and named by its SHA-256. The same sources give the same bytes, wherever Reprise is installed.
 */
import { fileURLToPath } from 'node:url'
import { type OneFile, oneFile, oneText } from '../one-file.ts'

export interface Program extends OneFile {
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
  const program = await oneFile(SOURCES, 'main.js', { minifyIdentifiers: true })
  return { ...program, boot: await oneText(SOURCES, 'boot.js') }
}
