/**
 * The states of all runs, looked up again only where something about a run's files has changed: so that a lab of many runs
 * can be looked at every second. A process that was killed changes no file, hence the lock of what is not finished is looked
 * at each time.
 */
import { statSync } from 'node:fs'
import { type Lab, listRuns, type RunFolder } from '../../lab/lab.ts'
import { lockHolder } from '../../lab/lock.ts'
import { type RunState, stateOrDamage } from '../../lab/state.ts'

export interface Known {
  readonly signature: string
  readonly state: RunState
}

export class States {
  readonly #lab: Lab
  readonly #known = new Map<string, Known>()

  constructor(lab: Lab) {
    this.#lab = lab
  }

  /** Of every run, the latest first. One that is damaged is among them, as such. */
  all(): Known[] {
    const folders = listRuns(this.#lab).reverse()
    const ids = new Set(folders.map(({ id }) => id))
    for (const id of this.#known.keys()) if (!ids.has(id)) this.#known.delete(id)
    return folders.map((folder) => this.of(folder))
  }

  of(folder: RunFolder): Known {
    const before = this.#known.get(folder.id)
    const signature = signatureOf(folder, before?.state)
    if (before?.signature === signature) return before
    let state = stateOrDamage(folder)
    if (state.state === 'damaged') state = stateOrDamage(folder) // somebody may just have begun to write
    const known = { signature, state }
    this.#known.set(folder.id, known)
    return known
  }
}

function signatureOf(folder: RunFolder, before: RunState | undefined): string {
  const { results, holder, detached, manifest, log } = folder
  const files = [results, `${results}-wal`, holder, detached, manifest, log]
  const isOver = before?.state === 'sealed' || before?.state === 'sampled'
  return [...files.map(markOf), isOver ? '' : heldMark(folder)].join(' ')
}

function markOf(path: string): string {
  try {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
    return stat === undefined ? '-' : `${stat.size}@${stat.mtimeNs}`
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code) // a file where a run's folder is to be
  }
}

function heldMark(folder: RunFolder): string {
  try {
    return lockHolder(folder) === null ? '' : 'held'
  } catch {
    return 'unknown'
  }
}
