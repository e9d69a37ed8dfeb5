/** The capsule of an example, made as a run makes it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../../lab/installed.ts'
import { makeCapsule } from '../../lab/make-capsule.ts'
import { chunkCount } from '../../lib/document.ts'
import type { LocalLauncher } from '../../runners/launcher.ts'
import type { Made } from '../conformance/workshop.ts'

/** Builds the capsule of `examples/<name>`, asks it what it holds, and keeps it as long as `launcher` lasts. */
export async function makeExample(name: string, launcher: LocalLauncher): Promise<Made> {
  const { capsule, description } = await makeCapsule(join(ROOT, 'examples', name), launcher)
  const file = join(launcher.scratch, `${capsule.digest}.mjs`)
  writeFileSync(file, capsule.bytes)
  return { capsule: file, hash: description.hash, chunks: chunkCount(description.document) }
}
