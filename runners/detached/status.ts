/** How far a detached run is, in a small file beside its journal: for whoever asks, without reading all that came out. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { elsewhereOf } from './elsewhere.ts'
import { currentHolder } from './holder.ts'
import { chunksIn, readSubmission, type Submission } from './submission.ts'
import type { FarState } from './told.ts'
import { writeOver, writeWhole } from './written.ts'

/** What a supervisor writes of its run. */
export interface Progress {
  readonly state: FarState
  /** Chunks that are durable, of those that were handed over. */
  readonly done: number
  readonly failedJobs: number
  /** What is known of each host, in words. */
  readonly hosts: Readonly<Record<string, string>>
  /** Tasks of a scheduler by the state that it says they are in; not there where none has any. */
  readonly tasks?: Readonly<Record<string, number>>
  /** Core-time that its tasks took so far, ms; not there where no scheduler has any. */
  readonly coreMs?: number
  readonly updated: string
  /** What stopped it, in words. */
  readonly reason: string | null
}

export interface FarRun extends Progress {
  readonly run: string
  readonly name: string
  readonly submitted: string
  readonly total: number
  /** Core-hours that its tasks may take in all; not there: any. */
  readonly maxCoreHours?: number
  /** Ids of the buckets that it has, or had, keys in; not there where it has none. */
  readonly elsewhere?: readonly string[]
  /** All of it was collected: it may be removed with the cache. */
  readonly released?: true
}

const FILE = 'status.json'
/** Files that are wishes of the near side: that it stops; and that the run may be removed with the cache. */
export const CANCEL = 'cancel'
export const RELEASED = 'ended'

/** The file has at least so many bytes: what a full disk has room for, in their place. */
const ROOM = 8_192
const MAX_REASON = 2_000

/** Not durable, and no more than a note: the journal decides what is done. On a full disk it is written over the last one. */
export function writeProgress(folder: string, progress: Progress): void {
  const path = join(folder, FILE)
  const reason = progress.reason?.slice(0, MAX_REASON) ?? null
  const text = JSON.stringify({ ...progress, reason })
  try {
    writeWhole(path, text.padEnd(ROOM), { durably: false })
  } catch (error) {
    const [room, short] = [statSync(path).size, JSON.stringify({ ...progress, reason, hosts: {} })]
    const fitting = [text, short].find((one) => Buffer.byteLength(one) <= room)
    if (fitting === undefined) throw error
    writeOver(path, fitting + ' '.repeat(room - Buffer.byteLength(fitting)))
  }
}

/** What is known of the run in a folder. Throws `not-found` where there is none. */
export function farRun(folder: string, submission: Submission = readSubmission(folder)): FarRun {
  const { run, name, submitted, chunks, scheduler } = submission
  const progress = readProgress(folder)
  const running = currentHolder(folder) !== null
  const state = running ? 'running' : progress.state === 'running' ? 'interrupted' : progress.state
  const mark = existsSync(join(folder, RELEASED)) ? { released: true as const } : {}
  const elsewhere = elsewhereOf(folder)
  const places = elsewhere.length === 0 ? {} : { elsewhere }
  const most = scheduler?.maxCoreHours === undefined ? {} : { maxCoreHours: scheduler.maxCoreHours }
  return { ...progress, state, run, name, submitted, total: chunksIn(chunks), ...most, ...places, ...mark }
}

function readProgress(folder: string): Progress {
  const path = join(folder, FILE)
  const none = {
    state: 'interrupted',
    done: 0,
    failedJobs: 0,
    hosts: {},
    updated: '',
    reason: null,
  } as const
  if (!existsSync(path)) return none
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Progress
  } catch {
    return none
  }
}
