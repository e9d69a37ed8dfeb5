/** How far a detached run is, in a small file beside its journal: for whoever asks, without reading all that came out. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { currentHolder } from './holder.ts'
import { chunksIn, readSubmission, type Submission } from './submission.ts'
import type { FarState } from './told.ts'
import { writeWhole } from './written.ts'

/** What a supervisor writes of its run. */
export interface Progress {
  readonly state: FarState
  /** Chunks that are durable, of those that were handed over. */
  readonly done: number
  readonly failedJobs: number
  /** What is known of each host, in words. */
  readonly hosts: Readonly<Record<string, string>>
  readonly updated: string
  /** What stopped it, in words. */
  readonly reason: string | null
}

export interface FarRun extends Progress {
  readonly run: string
  readonly name: string
  readonly submitted: string
  readonly total: number
}

const FILE = 'status.json'
/** Files that are wishes of the near side: that it stops; and that the run may be removed with the cache. */
export const CANCEL = 'cancel'
export const RELEASED = 'ended'

/** Not durable, and no more than a note: the journal decides what is done. */
export function writeProgress(folder: string, progress: Progress): void {
  writeWhole(join(folder, FILE), JSON.stringify(progress), { durably: false })
}

/** What is known of the run in a folder. Throws `not-found` where there is none. */
export function farRun(folder: string, submission: Submission = readSubmission(folder)): FarRun {
  const { run, name, submitted, chunks } = submission
  const progress = readProgress(folder)
  const running = currentHolder(folder) !== null
  const state = running ? 'running' : progress.state === 'running' ? 'interrupted' : progress.state
  return { ...progress, state, run, name, submitted, total: chunksIn(chunks) }
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
