/**
 * What was changed in the files that a capsule was bundled of, as a patch that `git apply` takes. It is made in a
 * repository of our own, which borrows the objects of the user's and reads nothing else there: no configuration, no
 * attributes, no work tree. So no filter, driver or other program has a say, and the new side is the bytes that were
 * bundled, whatever is on disk by now.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { gitIn, reasonOf } from './git.ts'
import { algorithmOf, blobId } from './swhid.ts'

/** A file of the commit, and the bytes that the capsule was made of. */
export interface ChangedFile {
  /** Below the repository, with slashes. */
  readonly path: string
  readonly mode: string
  /** Git's name for the bytes of the commit. */
  readonly id: string
  readonly bytes: Uint8Array
}

/** Why there is no patch, and how many bytes it would have, or be made of. */
export interface PatchOmitted {
  readonly reason: string
  readonly bytes: number
}

export const MAX_PATCH = 4 * 2 ** 20
/** Files that are larger, together, are not compared. */
const MAX_COMPARED = 64 * 2 ** 20
const FILES_AT_ONCE = 200

const DIFF = [
  'diff-index',
  '--cached',
  '--patch',
  '--binary',
  '--full-index',
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '--no-renames',
  '--src-prefix=a/',
  '--dst-prefix=b/',
  '--output=patch',
]

/** The patch from the commit's files to the bundled ones. `objects` is the repository's folder of objects. */
export async function makePatch(
  objects: string,
  files: readonly ChangedFile[],
): Promise<Uint8Array | PatchOmitted> {
  const bundled = files.reduce((sum, { bytes }) => sum + bytes.length, 0)
  if (bundled > MAX_COMPARED) return { reason: 'the changed files are too large', bytes: bundled }
  const folder = mkdtempSync(join(tmpdir(), 'reprise-patch-'))
  try {
    plant(folder, objects, files)
    const git = gitIn(folder, { GIT_DIR: folder })
    await stage(
      git,
      files.map(({ mode, id, path }) => `${mode},${id},${path}`),
    )
    const before = (await git.raw(['write-tree'])).trim()
    await stage(
      git,
      files.map(({ mode, bytes, path, id }) => `${mode},${blobId(bytes, algorithmOf(id))},${path}`),
    )
    await git.raw([...DIFF, before])
    const size = statSync(join(folder, 'patch')).size
    if (size > MAX_PATCH) return { reason: `it is larger than ${MAX_PATCH} bytes`, bytes: size }
    return readFileSync(join(folder, 'patch'))
  } catch (error) {
    return { reason: `git could not make it: ${reasonOf(error)}`, bytes: bundled }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A bare repository with the bundled files' objects in it, and the user's beside them. */
function plant(folder: string, objects: string, files: readonly ChangedFile[]): void {
  const sha256 = files.some(({ id }) => algorithmOf(id) === 'sha256')
  const format = sha256 ? '1\n[extensions]\n\tobjectFormat = sha256' : '0'
  for (const name of ['refs', 'objects/info']) mkdirSync(join(folder, name), { recursive: true })
  writeFileSync(join(folder, 'HEAD'), 'ref: refs/heads/none\n')
  writeFileSync(join(folder, 'config'), `[core]\n\tbare = true\n\trepositoryFormatVersion = ${format}\n`)
  writeFileSync(join(folder, 'objects/info/alternates'), `${JSON.stringify(objects)}\n`)
  for (const { bytes, id } of files) {
    const name = blobId(bytes, algorithmOf(id))
    mkdirSync(join(folder, 'objects', name.slice(0, 2)), { recursive: true })
    const object = deflateSync(Buffer.concat([Buffer.from(`blob ${bytes.length}\0`), bytes]))
    writeFileSync(join(folder, 'objects', name.slice(0, 2), name.slice(2)), object)
  }
}

async function stage(git: ReturnType<typeof gitIn>, entries: readonly string[]): Promise<void> {
  for (let at = 0; at < entries.length; at += FILES_AT_ONCE) {
    const words = entries.slice(at, at + FILES_AT_ONCE).flatMap((entry) => ['--cacheinfo', entry])
    await git.raw(['update-index', '--add', ...words])
  }
}
