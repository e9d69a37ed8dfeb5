/**
 * What a task's container runs, as texts that need nothing but Node: the few kilobytes that are a word of its command, and the
 * program that those have from the store. Bundled when first wanted; the same sources give the same bytes.
 */
import { fileURLToPath } from 'node:url'
import { type OneFile, oneFile, oneText, REQUIRE } from '../one-file.ts'

export interface CloudProgram {
  /** Text of the program that has the task's program; see boot.ts. */
  readonly boot: string
  /** The task's program; see pod.ts. */
  readonly pod: OneFile
}

const SOURCES = fileURLToPath(new URL('.', import.meta.url))

let built: Promise<CloudProgram> | null = null

export function cloudProgram(): Promise<CloudProgram> {
  built ??= build()
  return built
}

async function build(): Promise<CloudProgram> {
  const pod = await oneFile(SOURCES, 'pod.js', { minifyIdentifiers: true, banner: { js: REQUIRE } })
  return { boot: await oneText(SOURCES, 'boot.js', { minifySyntax: true }), pod }
}
