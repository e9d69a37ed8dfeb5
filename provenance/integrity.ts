/**
 * Which tarball a package was unpacked from, as npm noted it when it installed: `node_modules/.package-lock.json`. It names
 * what was fetched, so that the same can be fetched again; whether its files were changed since, the capsule shows.
 */
import { readFileSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'

const MODULES = `${sep}node_modules${sep}`
const LARGEST = 32 * 2 ** 20
const INTEGRITY = /^sha(256|384|512)-[A-Za-z0-9+/]{40,90}={0,2}$/

type Noted = Readonly<Record<string, { readonly integrity?: unknown } | undefined>>

/** Reads each of npm's notes once. */
export class InstalledLocks {
  readonly #noted = new Map<string, Noted>()

  /** Integrity (subresource form) of the package installed in `folder`; null where npm noted none. */
  integrityOf(folder: string): string | null {
    for (let at = folder.lastIndexOf(MODULES); at >= 0; at = folder.lastIndexOf(MODULES, at - 1)) {
      const root = folder.slice(0, at)
      const name = folder
        .slice(at + 1)
        .split(sep)
        .join('/')
      const noted = this.#notedIn(root)
      const integrity = Object.hasOwn(noted, name) ? noted[name]?.integrity : undefined
      if (typeof integrity === 'string') return INTEGRITY.test(integrity) ? integrity : null
      if (at === 0) break
    }
    return null
  }

  #notedIn(root: string): Noted {
    const known = this.#noted.get(root) ?? read(join(root, 'node_modules', '.package-lock.json'))
    this.#noted.set(root, known)
    return known
  }
}

function read(path: string): Noted {
  try {
    if (statSync(path).size > LARGEST) return {}
    const { packages } = JSON.parse(readFileSync(path, 'utf8')) as { packages?: unknown }
    return typeof packages === 'object' && packages !== null ? (packages as Noted) : {}
  } catch {
    return {} // installed in another way
  }
}
