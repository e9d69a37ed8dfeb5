/** Carries out one order on the head; see orders.ts. */
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { RepriseError } from '../../lib/errors.ts'
import { contentPath, farRuns, folderOf, forgetMarks, placeSubmission } from './far-runs.ts'
import { currentHolder } from './holder.ts'
import type { HeadOrder } from './orders.ts'
import { kindOf, type SchedulerKinds } from './scheduler-kind.ts'
import { readSchedulerManner } from './scheduler-manner.ts'
import { startSupervisor } from './start.ts'
import { CANCEL, farRun, RELEASED } from './status.ts'
import { journalFrom } from './stream.ts'
import { readSubmission, replaceManner, submissionPath } from './submission.ts'
import type { FarState } from './told.ts'
import { writeWhole } from './written.ts'

const STOP_MS = 30_000
const LOOK_MS = 100

export interface Served {
  readonly answer: unknown
  /** What comes after the answer. */
  readonly bytes?: AsyncIterable<Uint8Array>
}

/** This head. */
export interface Serving {
  /** Its program's own path, from which supervisors are started. */
  readonly program: string
  readonly kinds: SchedulerKinds
}

/** Throws RepriseError. */
export async function serve(order: HeadOrder, here: Serving, signal: AbortSignal): Promise<Served> {
  const { program, kinds } = here
  if (order.verb === 'runs') return { answer: farRuns(order.directory) }
  if (order.verb === 'submit') {
    const folder = placeSubmission(order.directory, order.submission)
    if (farRun(folder).state === 'interrupted') await startSupervisor(folder, program)
    return { answer: farRun(folder) }
  }
  if (order.verb === 'probe') {
    const manner = readSchedulerManner(JSON.parse(order.how))
    if (manner === null) throw new RepriseError('usage', 'is no manner of a scheduler', { subject: 'order' })
    return { answer: await kindOf(manner, kinds).probe(manner, { directory: order.directory, program }) }
  }
  const folder = folderOf(order.directory, order.run)
  switch (order.verb) {
    case 'run':
      return { answer: farRun(folder) }
    case 'cancel':
      writeWhole(join(folder, CANCEL), '')
      await superviseAgain(folder, here, ['interrupted', 'incomplete', 'cancelled', 'failed']) // tasks go on without anybody, so somebody has to end them
      return { answer: farRun(folder) }
    case 'release':
      if (currentHolder(folder) === null) writeWhole(join(folder, RELEASED), '')
      return { answer: farRun(folder) }
    case 'restart':
      await stopped(folder)
      if (currentHolder(folder) === null) replaceManner(folder, order.how)
      forgetMarks(folder)
      await startSupervisor(folder, program)
      return { answer: farRun(folder) }
    case 'submission':
      return { answer: null, bytes: once(readFileSync(submissionPath(folder))) }
    case 'content': {
      const path = contentPath(folder, readSubmission(folder), order.sha256)
      return { answer: null, bytes: createReadStream(path, { highWaterMark: 2 ** 20 }) }
    }
    case 'journal': {
      const { segment, offset, follow } = order
      if (![segment, offset].every((n) => Number.isSafeInteger(n) && n >= 0)) break
      if (follow) await superviseAgain(folder, here)
      return { answer: null, bytes: journalFrom(folder, { segment, offset }, follow, signal) }
    }
  }
  throw new RepriseError('usage', 'the head does not know this order', { subject: String(order.verb) })
}

/** Tasks of a scheduler do not end with their supervisor: one that was killed has a successor as soon as somebody wants to know. */
async function superviseAgain(
  folder: string,
  { program, kinds }: Serving,
  states: readonly FarState[] = ['interrupted'],
): Promise<void> {
  const { scheduler } = readSubmission(folder)
  if (scheduler === undefined || !Object.hasOwn(kinds, scheduler.kind)) return
  if (!states.includes(farRun(folder).state)) return
  await startSupervisor(folder, program)
}

/** One that was asked to stop is waited for; it would not go on for our sake. Throws `busy`. */
async function stopped(folder: string): Promise<void> {
  const end = performance.now() + STOP_MS
  while (existsSync(join(folder, CANCEL)) && currentHolder(folder) !== null) {
    if (performance.now() > end)
      throw new RepriseError('busy', 'was asked to stop and has not stopped yet', {
        subject: folder,
        remedy: 'Try again in a minute',
      })
    await sleep(LOOK_MS)
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
