/**
 * The lab: a project folder's `.reprise/` with its runs and capsules, found from where the user stands. Nothing
 * here executes anything.
 */
import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { RepriseError } from '../lib/errors.ts'
import { makeFolder, writeDurably } from './durable.ts'

export interface Lab {
  readonly path: string
  readonly runs: string
  readonly capsules: string
  readonly inputs: string
  readonly ledger: string
  /** The ledger's last signed checkpoint, as text. */
  readonly checkpoint: string
  /** Patches and untracked files that belong to the code of runs. */
  readonly objects: string
  /** Nothing is written into it, not even by SQLite: see `onlyRead`. */
  readonly readOnly?: true
}

/** Where one run lies. */
export interface RunFolder {
  readonly id: string
  readonly path: string
  readonly results: string
  readonly manifest: string
  readonly log: string
  readonly lock: string
  /** Who has the lock, for people to read. */
  readonly holder: string
  /** In a rerun: the manifest that it compares itself with. */
  readonly original: string
  /** Of a run that a cluster executes without us: where it is, and what was collected of it. */
  readonly detached: string
  /** As its lab is. */
  readonly readOnly?: true
}

export const DETACHED_NAME = 'detached.json'

const MARKERS = ['.reprise', 'package.json', '.git']

/** The lab of `folder`: REPRISE_LAB, or `.reprise` in the nearest folder upwards that has one, a package.json or .git. */
export function findLab(folder: string, override: string | undefined = process.env.REPRISE_LAB): Lab {
  if (override !== undefined && override !== '') return labAt(resolve(folder, override))
  const start = realpathSync(folder)
  for (let at = start; ; at = dirname(at)) {
    if (MARKERS.some((marker) => existsSync(join(at, marker)))) return labAt(join(at, '.reprise'))
    if (dirname(at) === at) return labAt(join(start, '.reprise'))
  }
}

/** The lab that lies there. */
export function labAt(path: string): Lab {
  return {
    path,
    runs: join(path, 'runs'),
    capsules: join(path, 'capsules'),
    inputs: join(path, 'inputs'),
    objects: join(path, 'objects'),
    ledger: join(path, 'ledger.sqlite'),
    checkpoint: join(path, 'checkpoint'),
  }
}

/** The same lab for somebody who only looks: its files are opened so that looking changes none of them. */
export function onlyRead(lab: Lab): Lab {
  return { ...lab, readOnly: true }
}

/** Makes the lab's folders where they are not there yet. */
export function makeLab(lab: Lab): void {
  for (const path of [lab.runs, lab.capsules, lab.inputs, lab.objects]) makeFolder(path)
  const ignore = join(lab.path, '.gitignore') // a lab must not make its own project's work tree dirty
  if (!existsSync(ignore)) writeDurably(ignore, '*\n')
}

/** A new run id: it sorts by time, to the millisecond, and two of one millisecond still differ. */
export function newRunId(time: Date): string {
  const stamp = time.toISOString().replace(/[-:.Z]/g, '')
  return `${stamp}-${randomBytes(3).toString('hex')}`
}

/** Whether a text, perhaps from a manifest from elsewhere, has the form of a run id. */
export function isRunId(text: string): boolean {
  return /^\d{8}T\d{9}-[0-9a-f]{6}$/.test(text)
}

export function runFolder(lab: Lab, id: string): RunFolder {
  const path = join(lab.runs, id)
  return {
    id,
    path,
    results: join(path, 'results.sqlite'),
    manifest: join(path, 'manifest.json'),
    log: join(path, 'log.txt'),
    lock: join(path, 'lock.sqlite'),
    holder: join(path, 'holder.json'),
    original: join(path, 'original.json'),
    detached: join(path, DETACHED_NAME),
    ...(lab.readOnly === true ? { readOnly: true as const } : {}),
  }
}

/** All runs, oldest first. */
export function listRuns(lab: Lab): RunFolder[] {
  if (!existsSync(lab.runs)) return []
  const ids = readdirSync(lab.runs).filter(isRunId)
  return ids.sort().map((id) => runFolder(lab, id))
}

/** The run meant by `@last` or a unique prefix, or null when no run begins so. Throws when several do. */
export function matchRun(lab: Lab, text: string): RunFolder | null {
  if (text === '') return null
  const runs = listRuns(lab)
  if (text === '@last') return runs.at(-1) ?? null
  const matching = runs.filter((run) => run.id.startsWith(text))
  if (matching.length > 1) {
    throw new RepriseError(
      'usage',
      `${matching.length} runs begin so: ${matching
        .slice(-3)
        .map((run) => run.id)
        .join(', ')}${matching.length > 3 ? ' …' : ''}`,
      {
        subject: text,
        remedy: 'Give more of the run’s id',
      },
    )
  }
  return matching[0] ?? null
}

/** The run meant by `text`; throws `not-found` with what to do. */
export function findRun(lab: Lab, text: string): RunFolder {
  const found = matchRun(lab, text)
  if (found === null) {
    throw new RepriseError('not-found', 'there is no such run', {
      subject: text,
      remedy: `See reprise ls (the lab is ${lab.path})`,
    })
  }
  return found
}
