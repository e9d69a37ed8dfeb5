/** The detached runs of a head, as its own program sees them: one folder each, below the station's. */
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { RepriseError } from '../../lib/errors.ts'
import { CANCEL, type FarRun, farRun, RELEASED } from './status.ts'
import { isRunName, parseSubmission, type Submission, submissionPath } from './submission.ts'
import { syncFile, syncFolder, writeWhole } from './written.ts'

/** A run's folder. Throws `not-found` where it is no folder of a run. */
export function folderOf(directory: string, run: string): string {
  const folder = join(directory, 'runs', isRunName(run) ? run : '.')
  const there = isRunName(run) && lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === true
  if (there && existsSync(submissionPath(folder))) return folder
  throw new RepriseError('not-found', 'is not on this head', {
    subject: `run ${JSON.stringify(run).slice(0, 60)}`,
    remedy: 'See which runs are there: reprise collect ssh:NAME',
  })
}

/** All runs that are there, oldest first; those that cannot be read are left out. */
export function farRuns(directory: string): FarRun[] {
  const runs = join(directory, 'runs')
  const names = existsSync(runs) ? readdirSync(runs).filter(isRunName).sort() : []
  return names.flatMap((run) => {
    try {
      return [farRun(folderOf(directory, run))]
    } catch {
      return []
    }
  })
}

/**
 * Puts a submission and what it names in its place, durably; the same again changes nothing. Throws `refused` for
 * another submission of this run, `not-intact` or `not-found` for what it names.
 */
export function placeSubmission(directory: string, text: string): string {
  const submission = parseSubmission(text)
  const folder = join(directory, 'runs', submission.run)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (existsSync(submissionPath(folder))) demandSame(folder, text)
  else {
    for (const [source, target, sha256] of contentOf(directory, folder, submission))
      place(source, target, sha256)
    // Who reads the submission after the power failed finds all that it names.
    for (const each of [join(folder, 'inputs'), dirname(folder), directory])
      if (existsSync(each)) syncFolder(each)
    if (!writeWhole(submissionPath(folder), text, { first: true })) demandSame(folder, text)
  }
  return folder
}

/** Withdraws a wish to cancel, and that it may be removed. */
export function forgetMarks(folder: string): void {
  for (const mark of [CANCEL, RELEASED]) rmSync(join(folder, mark), { force: true })
}

/** Path of what a run's submission names by this digest. Throws `not-found`. */
export function contentPath(folder: string, { capsule, inputs }: Submission, sha256: string): string {
  if (sha256 === capsule) return join(folder, `${sha256}.mjs`)
  if (inputs.includes(sha256)) return join(folder, 'inputs', sha256)
  throw new RepriseError('not-found', 'is no content of this run', { subject: sha256.slice(0, 64) })
}

function contentOf(directory: string, folder: string, submission: Submission): [string, string, string][] {
  const { capsule, inputs } = submission
  if (inputs.length > 0) mkdirSync(join(folder, 'inputs'), { recursive: true, mode: 0o700 })
  const pairs = [
    [join(directory, 'capsules', `${capsule}.mjs`), capsule] as const,
    ...inputs.map((sha256) => [join(directory, 'inputs', sha256), sha256] as const),
  ]
  return pairs.map(([source, sha256]) => [source, contentPath(folder, submission, sha256), sha256])
}

/** Has the run's own link to it, so that the cache can be emptied while it is executed. */
function place(source: string, target: string, sha256: string): void {
  rmSync(target, { force: true })
  try {
    linkSync(source, target)
  } catch {
    copyFileSync(source, target)
    syncFile(target)
  }
  const found = createHash('sha256').update(readFileSync(target)).digest('hex')
  if (found === sha256) return
  rmSync(target, { force: true })
  throw new RepriseError('not-intact', 'is not the file with this SHA-256', { subject: source })
}

function demandSame(folder: string, text: string): void {
  if (readFileSync(submissionPath(folder), 'utf8') === text) return
  throw new RepriseError('refused', 'another run of this id is there', {
    subject: folder,
    remedy: 'Plan the run again, for an id of its own',
  })
}
