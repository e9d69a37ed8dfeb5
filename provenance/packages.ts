/** What goes into a capsule, by name: the user's files relative to the experiment, packages by name and version. */
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { InstalledLocks } from './integrity.ts'
import { isBelow, OutsideNames, projectOf } from './outside.ts'

export interface BundledPackage {
  readonly name: string
  readonly version: string
  /** As its package.json states it: an SPDX expression where it keeps the rules. Not there where it states none. */
  readonly license?: string
  /** Of the tarball that npm installed it from (`sha512-…`). Not there where npm noted none. */
  readonly integrity?: string
}

const MODULES = `${sep}node_modules${sep}`

export class PackageIndex {
  readonly #experimentFolder: string
  readonly #ownFolder: string
  /** What may be named by the way from the experiment: its project, or its folder where there is none. */
  readonly #project: string
  readonly #outside = new OutsideNames()
  readonly #versions = new Map<string, BundledPackage>()
  readonly #read = new Map<string, Uint8Array>()
  readonly #locks = new InstalledLocks()

  constructor(experimentFolder: string, root: string) {
    this.#experimentFolder = experimentFolder
    this.#ownFolder = join(root, 'dist') + sep
    this.#project = projectOf(experimentFolder) ?? experimentFolder
  }

  /** A name for the file that is the same wherever it lies on disk. */
  logicalName(path: string): string {
    if (path.startsWith(this.#ownFolder)) return slashes(`reprise/${path.slice(this.#ownFolder.length)}`)
    const at = path.lastIndexOf(MODULES)
    if (at < 0) {
      if (!isBelow(this.#project, path)) return this.#outside.nameOf(path)
      return slashes(`experiment/${relative(this.#experimentFolder, path)}`)
    }
    const words = path.slice(at + MODULES.length).split(sep)
    const depth = words[0]!.startsWith('@') ? 2 : 1
    const name = words.slice(0, depth).join('/')
    const { version } = this.#packageAt(
      path.slice(0, at + MODULES.length) + words.slice(0, depth).join(sep),
      name,
    )
    return `npm/${name}@${version}/${words.slice(depth).join('/')}`
  }

  async read(path: string): Promise<Uint8Array> {
    const bytes = await readFile(path)
    const before = this.#read.get(path) ?? bytes // what was read first is what is recorded
    this.#read.set(path, before)
    return before
  }

  packages(): BundledPackage[] {
    const used = [...this.#versions].filter(([folder]) =>
      [...this.#read.keys()].some((path) => path.startsWith(folder + sep)),
    )
    const key = ({ name, version }: BundledPackage) => `${name}@${version}`
    const unique = new Map(used.map(([, bundled]) => [key(bundled), bundled]))
    return [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, bundled]) => bundled)
  }

  /** The user's own files among those that were read, sorted by path. */
  userFiles(): { path: string; bytes: Uint8Array }[] {
    return [...this.#read]
      .filter(([path]) => !path.includes(MODULES) && !path.startsWith(this.#ownFolder))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, bytes]) => ({ path, bytes }))
  }

  #packageAt(folder: string, name: string): BundledPackage {
    let known = this.#versions.get(folder)
    if (known === undefined) {
      const described = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Described
      const license = licenseOf(described)
      const integrity = this.#locks.integrityOf(folder)
      known = {
        name,
        version: described.version ?? '0',
        ...(license === null ? {} : { license }),
        ...(integrity === null ? {} : { integrity }),
      }
      this.#versions.set(folder, known)
    }
    return known
  }
}

/** What is asked of a package.json. */
interface Described {
  readonly version?: string
  readonly license?: unknown
  readonly licenses?: unknown
}

const MOST_LICENSE = 200

/** The licence in one text. Old packages say `{ type }`, or a list of those under `licenses`: any of them may be chosen. */
export function licenseOf({ license, licenses }: Described): string | null {
  const stated = [license, licenses].find((one) => one !== undefined && one !== null)
  const names = (Array.isArray(stated) ? stated : [stated]).flatMap((one: unknown) => {
    const name = typeof one === 'object' && one !== null ? (one as { type?: unknown }).type : one
    return typeof name === 'string' && name.trim() !== '' ? [name.trim().replace(/\s+/g, ' ')] : []
  })
  const text = names.length > 1 ? `(${names.join(' OR ')})` : (names[0] ?? '')
  return text === '' || text.length > MOST_LICENSE || !text.isWellFormed() ? null : text
}

function slashes(path: string): string {
  return path.split(sep).join('/')
}
