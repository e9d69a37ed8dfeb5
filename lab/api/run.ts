/** A run in the hands of a program. It owns nothing: whatever is asked is looked up in the run's folder. */
import { setTimeout as sleep } from 'node:timers/promises'
import { RepriseError } from '../../lib/errors.ts'
import type { Audit } from '../audit.ts'
import { cancelRun } from '../cancel.ts'
import type { Lab as LabPaths, RunFolder } from '../lab.ts'
import { lockHolder } from '../lock.ts'
import { findRecord } from '../record.ts'
import { planRerun } from '../rerun.ts'
import { readPlan } from '../results.ts'
import { runState } from '../state.ts'
import { whatStopped } from '../stopped.ts'
import { supervise } from '../supervise.ts'
import { verdictOf } from '../verdict.ts'
import { followRows, LOOK_MS } from './follow.ts'
import { checkOptions, EXECUTE, mannerOf, shareOf, wholeNumber } from './manner.ts'
import { rowOf } from './rows.ts'
import type {
  ExecuteOptions,
  Progress,
  RerunOptions,
  ResultsOptions,
  RowOf,
  Run,
  WaitOptions,
} from './types.ts'

const RERUN = [...EXECUTE, 'replicate', 'sample', 'beacon', 'stratify']

export function runIn<E>(lab: LabPaths, folder: RunFolder): Run<E> {
  const { experiment } = readPlan(folder)
  const run: Run<E> = {
    id: folder.id,
    experiment: experiment.hash,
    name: experiment.document.name,
    get progress() {
      return runState(folder)
    },
    get root() {
      return runState(folder).root
    },
    get manifest() {
      return runState(folder).root === null ? null : folder.manifest
    },
    ready: () => lockHolder(folder) === null,
    wait: (options = {}) => waitFor(folder, options),
    results: (options = {}) => rowsOf<E>(folder, options),
    async get() {
      const rows: RowOf<E>[] = []
      const stopped = whatStopped(folder, await waitFor(folder, {}))
      if (stopped !== null) throw stopped
      for await (const row of rowsOf<E>(folder, { follow: false })) rows.push(row)
      return rows
    },
    cancel: () => cancelRun(folder),
    async resume(options: ExecuteOptions = {}) {
      checkOptions(options, EXECUTE, 'resume')
      await supervise(lab, folder, await mannerOf(lab, options))
    },
    async rerun(options: RerunOptions = {}) {
      const rerun = await submitRerun(lab, folder, options)
      const stopped = whatStopped(rerun, await waitFor(rerun, {}))
      if (stopped !== null && stopped.code !== 'incomplete') throw stopped
      return { run: rerun.id, ...verdictOf(lab, rerun) }
    },
  }
  return Object.freeze(run)
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
  return runState(folder)
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
  const rerun = planRerun(lab, findRecord(lab, folder.id), auditOf(options), new Date(), share)
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
