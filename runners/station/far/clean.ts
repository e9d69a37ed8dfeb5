/**
 * The verb `clean`: removes what Reprise keeps in its folder, and the folder where nothing else is in it. What a run that
 * has not ended needs stays, and a run that has something elsewhere; so does everything while another station is at work here.
 */
import { lstatSync, readdirSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { RepriseError } from '../../../lib/errors.ts'
import { ELSEWHERE } from '../../detached/place-id.ts'
import type { Verb } from './answer.ts'
import { folderIn, KEPT, readRegular } from './folder.ts'
import { SCRATCH } from './scratch.ts'
import { PART } from './whole.ts'

/** In the folder of a run: a file that is there once it has ended, and one that names what it needs by digest. */
export const ENDED = 'ended'
export const SUBMISSION = 'submission.json'
const RUNS = 'runs'

/**
 * What it removed, bytes; with `dryRun` what it would, but for what it keeps of itself. `emptied` is a place in which no run that has
 * ended has anything any more.
 */
export const clean: Verb = ({ dryRun, emptied }, _exchange, { directory, scratch }): number => {
  const { neighbours } = scratch
  if (neighbours > 0 || scratch.inUse) {
    const whom = neighbours === 0 ? 'engines of this connection' : `${neighbours} other connection(s)`
    throw new RepriseError('busy', `in use by ${whom}`, {
      subject: directory,
      remedy: 'Wait until the runs that use it have ended, or cancel them',
    })
  }
  const unfinished = runsIn(directory).filter((path) => !isThere(join(path, ENDED)))
  const needed = unfinished.map(textOfSubmission).join('\n')
  let removed = 0
  const remove = (path: string) => {
    removed += bytesOf(path)
    if (dryRun !== true) rmSync(path, { recursive: true, force: true })
  }
  for (const path of runsIn(directory)) {
    if (unfinished.includes(path)) continue
    const marks = namesIn(path, '.').filter((name) => name.startsWith(ELSEWHERE))
    const left = marks.filter((name) => name !== `${ELSEWHERE}${String(emptied)}`)
    if (left.length === 0) remove(path)
    else for (const name of marks) if (!left.includes(name)) remove(join(path, name))
  }
  for (const [kind, { folder, ending }] of Object.entries(KEPT)) {
    for (const name of namesIn(directory, folder)) {
      const needs = kind === 'station' ? unfinished.length > 0 : needed.includes(name.slice(0, 64))
      const ours = /^[0-9a-f]{64}(\.mjs)?$/.test(name) && name.endsWith(ending)
      if ((ours && !needs) || PART.test(name)) remove(join(directory, folder, name))
    }
  }
  for (const name of readdirSync(directory)) if (PART.test(name)) remove(join(directory, name))
  if (dryRun === true) return removed
  scratch.remove()
  const removeFolder = (path: string) => {
    try {
      rmdirSync(path)
    } catch {} // something is in it, or it is not there
  }
  for (const folder of [RUNS, SCRATCH, ...Object.values(KEPT).map(({ folder }) => folder)])
    removeFolder(join(directory, folder))
  if (readdirSync(directory).join() === 'id') {
    remove(join(directory, 'id'))
    removeFolder(directory)
  }
  return removed
}

const runsIn = (directory: string) => namesIn(directory, RUNS).map((name) => join(directory, RUNS, name))

const isThere = (path: string) => lstatSync(path, { throwIfNoEntry: false }) !== undefined

function namesIn(directory: string, folder: string): string[] {
  return isThere(join(directory, folder)) ? readdirSync(folderIn(directory, folder)) : []
}

function textOfSubmission(run: string): string {
  const path = join(run, SUBMISSION)
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true
    ? readRegular(path).toString('utf8')
    : ''
}

/** Links are not followed. */
function bytesOf(path: string): number {
  const state = lstatSync(path, { throwIfNoEntry: false })
  if (state === undefined) return 0
  if (!state.isDirectory()) return state.size
  return readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0)
}
