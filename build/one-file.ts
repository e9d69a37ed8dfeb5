/**
 * Programs that travel: sources of this repository with all that they need, as one file that wants nothing but Node (or a
 * browser). The same sources give the same bytes, wherever Reprise is built: names of files, which would say where, are left out.
 */
import { type BuildOptions, build } from 'esbuild'

/** What CommonJS among the packages of a bundle needs of Node, which an ES module has not by itself. */
export const REQUIRE =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);"

/** `entry` in a folder of sources; syntax stays as it is, unless `more` says otherwise: it is what fingerprints are about. */
export async function oneFile(folder: string, entry: string, more: BuildOptions = {}): Promise<string> {
  const { outputFiles } = await build({
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
  return outputFiles[0]!.text
}

/** The text of a program that is a word of a command, or a script of a page: `entry` as a script, with short names. */
export async function oneText(folder: string, entry: string, more: BuildOptions = {}): Promise<string> {
  return (await oneFile(folder, entry, { format: 'iife', minifyIdentifiers: true, ...more })).trim()
}
