/**
 * What a task's container runs, as texts that need nothing but Node: the few kilobytes that are a word of its command, and the
 * program that those have from the store. Bundled when first wanted; the same sources give the same bytes.
 */
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'

export interface CloudProgram {
  /** Text of the program that has the task's program; see boot.ts. */
  readonly boot: string
  /** The task's program; see pod.ts. SHA-256 in hex. */
  readonly pod: { readonly bytes: Buffer; readonly sha256: string }
}

/** What CommonJS among the packages of a bundle needs of Node, which an ES module has not by itself. */
export const REQUIRE =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);"

const SOURCES = fileURLToPath(new URL('.', import.meta.url))

let built: Promise<CloudProgram> | null = null

export function cloudProgram(): Promise<CloudProgram> {
  built ??= build()
  return built
}

async function build(): Promise<CloudProgram> {
  const { buildSync } = await import('esbuild') // in a process of its own: its service is shared, and may be ended by others
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
      // Names of files would say where Reprise lies.
      minifyWhitespace: true,
      minifyIdentifiers: true,
      tsconfigRaw: {},
      logLevel: 'silent',
      ...(format === 'esm' ? { banner: { js: REQUIRE } } : { minifySyntax: true }),
    })
    return Buffer.from(outputFiles[0]!.contents)
  }
  const bytes = bundle('pod.js', 'esm')
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { boot: bundle('boot.js', 'iife').toString('utf8').trim(), pod: { bytes, sha256 } }
}
