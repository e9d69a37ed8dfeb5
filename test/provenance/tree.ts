/** Folders with files for tests, made from a record of contents by path, and removed at the end. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export type Files = Readonly<Record<string, string>>

export class Trees {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'reprise-test-')))
  #made = 0

  /** A new folder that holds these files, at any depth below a name of its own. */
  plant(files: Files, below = ''): string {
    const root = join(this.folder, `${++this.#made}`, below)
    mkdirSync(root, { recursive: true })
    for (const [path, contents] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), contents)
    }
    return root
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
