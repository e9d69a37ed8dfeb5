/** The files of a deposit: those of a folder, or those that are named; regular files alone, side by side, for repositories keep no folders. */
import { createHash } from 'node:crypto'
import { createReadStream, lstatSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { RepriseError } from '../../lib/errors.ts'

export interface Source {
  /** As it is called there. */
  readonly key: string
  readonly path: string
  readonly bytes: number
  /** Hex: what InvenioRDM answers with. */
  readonly md5: string
}

/** The files, by their names. Throws `usage` for what is no file, lies in a folder below, or has the name of another. */
export async function depositSources(paths: readonly string[]): Promise<Source[]> {
  const files = paths.flatMap((path) => {
    const there = lstatSync(path, { throwIfNoEntry: false })
    return there?.isDirectory() === true
      ? readdirSync(path)
          .sort()
          .map((name) => join(path, name))
      : [path]
  })
  const sources: Source[] = []
  for (const path of files) {
    const key = basename(path)
    const there = lstatSync(path, { throwIfNoEntry: false })
    const twice = sources.find((source) => source.key === key)
    const fault =
      there === undefined
        ? 'is not there'
        : there.isDirectory()
          ? 'is a folder in a folder, and repositories keep none'
          : !there.isFile()
            ? 'is no regular file'
            : there.size === 0
              ? 'is empty, and repositories take no empty file'
              : twice !== undefined
                ? `has the name of ${twice.path}`
                : /\p{Cc}/u.test(key) || !key.isWellFormed()
                  ? 'has a name that is no text'
                  : null
    if (fault !== null)
      throw new RepriseError('usage', fault, {
        subject: path,
        remedy: 'Name an artifact (reprise export RUN --artifact DIR), or files; pack a folder first',
      })
    sources.push({ key, path, bytes: there!.size, md5: await md5Of(path) })
  }
  if (sources.length > 0) return sources
  throw new RepriseError('usage', 'there is no file in it', { subject: paths.join(', ') })
}

async function md5Of(path: string): Promise<string> {
  const hash = createHash('md5')
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer)
  return hash.digest('hex')
}

/** The content of a file, to be sent. */
export function contentOf({ path, bytes }: Source): { bytes: number; open(): ReadableStream<Uint8Array> } {
  return { bytes, open: () => Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array> }
}
