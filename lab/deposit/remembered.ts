/**
 * What is remembered of a deposit, in the lab: which draft it goes to, before anything is sent, so that the next call goes on with
 * it instead of making a second one. No token, and nothing of the user's account.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { utf8 } from '../../lib/digest.ts'
import { makeFolder, writeDurably } from '../durable.ts'
import { type Lab, makeLab } from '../lab.ts'
import { sha256Of } from '../objects.ts'

export interface Remembered {
  readonly format: 'reprise/deposit/1'
  readonly repository: string
  /** The draft's id there; null from before it is asked for until it is known. */
  readonly draft: string | null
  /** Records that the user had there before, where that is known: a draft that is none of them is ours. */
  readonly before: readonly string[] | null
  /** What was uploaded by this deposit, by name; of other files of the draft nothing is removed. */
  readonly uploaded: Readonly<Record<string, string>>
}

export interface Memory {
  read(): Remembered | null
  write(remembered: Remembered): void
  /** The next deposit begins another draft; the one that was stays where it is. */
  forget(): void
}

/** The memory of a deposit of these paths to this repository. */
export function depositMemory(lab: Lab, base: URL, paths: readonly string[]): Memory {
  const folder = join(lab.path, 'deposits')
  const name = sha256Of(utf8(JSON.stringify([base.href, ...paths.map((path) => resolve(path)).sort()])))
  const file = join(folder, `${name}.json`)
  return {
    read: () => (existsSync(file) ? remembered(readFileSync(file, 'utf8'), base) : null),
    write(what) {
      makeLab(lab)
      makeFolder(folder)
      writeDurably(file, `${JSON.stringify(what, null, 2)}\n`)
    },
    forget: () => rmSync(file, { force: true }),
  }
}

/** Null for what is none: then a new draft is begun. */
function remembered(text: string, base: URL): Remembered | null {
  try {
    const found = JSON.parse(text) as Remembered
    const isOne =
      found.format === 'reprise/deposit/1' &&
      found.repository === base.href &&
      (found.draft === null || isRecordId(found.draft)) &&
      typeof found.uploaded === 'object'
    return isOne ? found : null
  } catch {
    return null
  }
}

/** Whether a text, perhaps from a server, has the form of a record's id; it becomes part of addresses. */
export function isRecordId(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(text)
}
