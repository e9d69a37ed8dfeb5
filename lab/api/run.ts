/** A run in the hands of a program. It owns nothing: whatever is asked is looked up in the run's folder. */
import { setTimeout as sleep } from 'node:timers/promises'
import { RepriseError } from '../../lib/errors.ts'
import type { Audit } from '../audit.ts'
import { cancelRun } from '../cancel.ts'
import { cancelThere } from '../cancel-there.ts'
import type { Lab as LabPaths, RunFolder } from '../lab.ts'
import { lockHolder } from '../lock.ts'
import { consent } from '../may-execute.ts'
import { openHead } from '../open-head.ts'
import { findRecord } from '../record.ts'
import { planRerun } from '../rerun.ts'
import { readPlan } from '../results.ts'
import { comes, runState, stateOrDamage } from '../state.ts'
import { whatStopped } from '../stopped.ts'
import { supervise } from '../supervise.ts'
import { verdictOf } from '../verdict.ts'
import { followRows, LOOK_MS } from './follow.ts'
import { checkOptions, EXECUTE, mannerOf, shareOf, wholeNumber } from './manner.ts'
import { rowOf } from './rows.ts'
import type {
  AgainOptions,
  Progress,
  RerunOptions,
  ResultsOptions,
  RowOf,
  Run,
  WaitOptions,
} from './types.ts'

const AGAIN = [...EXECUTE, 'trust']
const RERUN = [...AGAIN, 'replicate', 'sample', 'beacon', 'stratify']

export function runIn<E>(lab: LabPaths, folder: RunFolder): Run<E> {
  const { experiment, name } = namesOf(folder)
  const run: Run<E> = {
    id: folder.id,
    experiment,
    name,
    get progress() {
      return stateOrDamage(folder)
    },
    get root() {
      return stateOrDamage(folder).root
    },
    get manifest() {
      return stateOrDamage(folder).root === null ? null : folder.manifest
    },
    ready: () => isOver(stateOrDamage(folder)),
    wait: (options = {}) => waitFor(folder, options),
    results: (options = {}) => rowsOf<E>(folder, options),
    async get() {
      const rows: RowOf<E>[] = []
      const stopped = await endOf(folder)
      if (stopped !== null) throw stopped
      for await (const row of rowsOf<E>(folder, { follow: false })) rows.push(row)
      return rows
    },
    cancel: () => cancel(lab, folder),
    async resume(options: AgainOptions = {}) {
      checkOptions(options, AGAIN, 'resume')
      const manner = await mannerOf(lab, options)
      if (options.trust === true) consent(lab, folder)
      await supervise(lab, folder, manner)
    },
    async rerun(options: RerunOptions = {}) {
      const rerun = await submitRerun(lab, folder, options)
      const stopped = await endOf(rerun)
      if (stopped !== null && stopped.code !== 'incomplete') throw stopped
      return { run: rerun.id, ...verdictOf(lab, rerun) }
    },
  }
  return Object.freeze(run)
}

/** Empty for a run that is damaged. */
function namesOf(folder: RunFolder): { experiment: string; name: string } {
  try {
    const { hash, document } = readPlan(folder).experiment
    return { experiment: hash, name: document.name }
  } catch {
    return { experiment: '', name: '' }
  }
}

/** Also of a run that a cluster has; it must be reachable without anybody who could be asked for a passphrase. */
async function cancel(lab: LabPaths, folder: RunFolder): Promise<Progress> {
  const { state, detached } = runState(folder)
  if (state !== 'detached' || detached === null) return cancelRun(folder)
  const open = await openHead(lab, detached.runner)
  try {
    return await cancelThere(lab, folder, open)
  } finally {
    await open.close()
  }
}

function isOver(state: Progress): boolean {
  return state.holder === null && state.state !== 'detached'
}

/** Waits for the end, also where another process takes the run up again meanwhile. What kept it from being whole; else null. */
async function endOf(folder: RunFolder): Promise<RepriseError | null> {
  let state = await waitFor(folder, {})
  while (comes(state)) state = await waitFor(folder, {})
  return whatStopped(folder, state)
}

/** Waits until nobody executes the run, or as long as it may take. */
async function waitFor(folder: RunFolder, options: WaitOptions): Promise<Progress> {
  checkOptions(options, ['timeout', 'signal'], 'wait')
  const { timeout = Number.POSITIVE_INFINITY, signal } = options
  const end = performance.now() + timeout * 1000
  while (lockHolder(folder) !== null) {
    const left = end - performance.now()
    if (!(left > 0)) break
    await sleep(Math.min(LOOK_MS, left), undefined, signal === undefined ? {} : { signal })
  }
  return stateOrDamage(folder)
}

async function* rowsOf<E>(
  folder: RunFolder,
  options: ResultsOptions,
): AsyncGenerator<RowOf<E>, void, undefined> {
  checkOptions(options, ['order', 'follow', 'signal'], 'results')
  if (!['job', 'completion', undefined].includes(options.order)) {
    throw new RepriseError('usage', `is ${String(options.order)}`, {
      subject: 'order',
      remedy: "Give 'job' or 'completion'",
    })
  }
  for await (const row of followRows(folder, options)) yield rowOf<E>(row)
}

async function submitRerun(lab: LabPaths, folder: RunFolder, options: RerunOptions): Promise<RunFolder> {
  checkOptions(options, RERUN, 'rerun')
  const manner = await mannerOf(lab, options)
  const share = shareOf(options.replicate)
  const record = findRecord(lab, folder.id)
  const rerun = planRerun(lab, record, auditOf(options), new Date(), share, options.trust === true)
  await supervise(lab, rerun, manner)
  return rerun
}

function auditOf(options: RerunOptions): Audit | null {
  const [sample, beacon, stratify] = [options.sample, options.beacon ?? null, options.stratify ?? null]
  if (sample !== undefined) {
    wholeNumber('sample', sample, 2 ** 31)
    return { count: sample, beacon, stratify }
  }
  if (beacon === null && stratify === null) return null
  throw new RepriseError('usage', 'there is nothing to draw without a sample', {
    subject: beacon === null ? 'stratify' : 'beacon',
    remedy: 'Say how many chunks: { sample: 20, … }',
  })
}
