/** Exports of all there is of a run: one file, or objects in a bucket. */
import { basename, resolve } from 'node:path'
import pc from 'picocolors'
import { writeBundle } from '../../lab/bundle.ts'
import type { Exportable } from '../../lab/export.ts'
import type { WrittenFile } from '../../lab/whole.ts'
import { placeOfUrl } from '../../runners/s3/url.ts'
import type { Terminal } from '../terminal.ts'
import { several } from '../words.ts'

/** A file that was made, and what is in it, where it is one of many. */
export interface Made {
  readonly files: readonly WrittenFile[]
  /** Names of what is in it, and of what should be and is not at hand. */
  readonly contents?: readonly string[]
  readonly missing?: readonly string[]
}

/** Makes a bundle, and says what could not go into it. */
export async function makeBundle(
  { lab, record }: Exportable,
  target: string,
  force: boolean,
  out: Terminal,
): Promise<Made> {
  const { files: contents, missing, bytes, sha256 } = await writeBundle(lab, record, resolve(target), force)
  tellContents(contents, missing, out)
  return { files: [{ path: basename(target), sha256, bytes }], contents, missing }
}

/** Puts the same files into a bucket, one object each, and says what could not go with them. */
export async function makeArchive({ lab, record }: Exportable, target: string, out: Terminal): Promise<Made> {
  const { putArchive } = await import('../../lab/s3-archive.ts') // few need it, and it is large
  const { files, missing } = await putArchive(lab, record, placeOfUrl(target))
  tellContents(
    files.map(({ path }) => path),
    missing,
    out,
  )
  return { files, missing }
}

function tellContents(names: readonly string[], missing: readonly string[], out: Terminal): void {
  const objects = names.filter((name) => name.startsWith('objects/'))
  if (objects.length > 0)
    out.say(`${several(objects.length, 'object')} that no commit has (a patch, untracked files) went with it`)
  for (const name of missing) out.say(pc.yellow(`not at hand, so not in it: ${name}`))
}
