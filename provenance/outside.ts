/**
 * Names for files of the user that lie outside of the experiment's own project, such as a package that is linked from
 * elsewhere: the way there would name folders, hence users, and would change with them. A package's files go by its name
 * and version; a file of no package goes by its bytes and its own name.
 */
import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import { sha256, toHex } from '../lib/digest.ts'
import { RepriseError } from '../lib/errors.ts'

const NAME = /^(@[\w.~-]{1,100}\/)?[\w.~-]{1,214}$/
const VERSION = /^[\w.+-]{1,100}$/

/** The folder at or above `folder` that has a package.json; null where none has. */
export function projectOf(folder: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, 'package.json'))) return at
    if (dirname(at) === at) return null
  }
}

/** Whether a file lies at or below a folder. */
export function isBelow(folder: string, path: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep)
}

/** Remembers which file has which name, so that two never share one. */
export class OutsideNames {
  readonly #files = new Map<string, string>()

  /** `outside/name@version/path`, or `outside/<start of its SHA-256>/<name>`. Throws `capsule` where two would be one. */
  nameOf(path: string): string {
    const name = inPackage(path) ?? byBytes(path)
    const other = this.#files.get(name)
    if (other !== undefined && other !== path) {
      throw new RepriseError(
        'capsule',
        'lies outside of the experiment’s folder, and is like another there',
        {
          subject: basename(path),
          remedy: 'Move both into the experiment’s folder, or give their folders a package.json each',
        },
      )
    }
    this.#files.set(name, path)
    return name
  }
}

function inPackage(path: string): string | null {
  const folder = projectOf(dirname(path))
  const { name, version } = folder === null ? {} : described(folder)
  if (folder === null || typeof name !== 'string' || !NAME.test(name) || name.startsWith('.')) return null
  const numbered = typeof version === 'string' && VERSION.test(version) ? version : '0'
  return `outside/${name}@${numbered}/${relative(folder, path).split(sep).join('/')}`
}

function byBytes(path: string): string {
  return `outside/${toHex(sha256(readFileSync(path))).slice(0, 16)}/${basename(path)}`
}

function described(folder: string): { readonly name?: unknown; readonly version?: unknown } {
  try {
    return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) ?? {}) as object
  } catch {
    return {}
  }
}
