/**
 * The place where `check` and `plan` work: a folder of its own with the capsule, the inputs and folders for engines to work in,
 * and the engines themselves. All of it goes when it is closed; nothing of it is in a lab.
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LocalLauncher } from '../runners/launcher.ts'
import { type LocalOptions, localLauncher } from '../runners/local.ts'
import type { KeptInput } from './objects.ts'

export class Scratch {
  readonly path: string
  /** Another user's home. */
  readonly home: string
  readonly #launchers = new Set<LocalLauncher>()

  constructor(command: 'check' | 'plan' = 'check') {
    this.path = realpathSync(mkdtempSync(join(tmpdir(), `reprise-${command}-`)))
    this.home = join(this.path, 'home')
    mkdirSync(this.home)
  }

  /** An empty folder for engines, at the same path each time. */
  folder(which: 'same' | 'other'): string {
    const folder = which === 'same' ? join(this.path, 'work') : join(this.path, 'a', 'deeper', 'folder')
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    return folder
  }

  /** Puts a file there; the folder is made where it is missing. */
  put(folder: string, name: string, bytes: Uint8Array): string {
    mkdirSync(join(this.path, folder), { recursive: true })
    const path = join(this.path, folder, name)
    writeFileSync(path, bytes)
    return path
  }

  /** Paths of the inputs by SHA-256. */
  putInputs(inputs: Readonly<Record<string, KeptInput>>): Record<string, string> {
    const put = ({ digest, bytes }: KeptInput) => [digest, this.put('inputs', digest, bytes)] as const
    return Object.fromEntries(Object.values(inputs).map(put))
  }

  /** Lends engines to `use` and ends them after it. */
  async withEngines<T>(start: LocalOptions, use: (launcher: LocalLauncher) => Promise<T>): Promise<T> {
    const launcher = localLauncher(start)
    this.#launchers.add(launcher)
    try {
      return await use(launcher)
    } finally {
      this.#launchers.delete(launcher)
      launcher.close()
    }
  }

  /** Ends what is alive and removes everything. */
  close(): void {
    for (const launcher of this.#launchers) launcher.close()
    rmSync(this.path, { recursive: true, force: true })
  }
}
