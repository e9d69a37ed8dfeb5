/** What a job of AWS Batch, as it is listed or described, says of a task: how it is doing, and what was measured of it. */
import type { JobDetail, JobSummary } from '@aws-sdk/client-batch'
import type { TaskLook, TaskUsage } from '../array/engine.ts'
import { type Said, stateOf, stuckOf, wordsOf } from './states.ts'

export function childId(handle: string, index: number): string {
  return `${handle}:${index}`
}

export function indexOf({ arrayProperties }: JobSummary | JobDetail): number {
  return arrayProperties?.index ?? 0
}

/** How the last attempt ended is told of the job itself, but not always. */
export function saidOf(job: JobDetail): Said {
  const { container = {}, attempts = [] } = job
  const last = attempts.at(-1)?.container ?? {}
  const { exitCode = last.exitCode, reason = last.reason } = container
  return { ...job, container: { exitCode, reason } }
}

export function lookOf(job: string, said: Said, detail?: JobDetail): TaskLook {
  const more = detail === undefined ? said : { ...saidOf(detail), status: said.status }
  const stuck = stuckOf(said)
  const started = timeOf(detail?.startedAt ?? said.startedAt)
  return {
    state: stateOf(more),
    words: wordsOf(more),
    node: detail === undefined ? null : nodeOf(detail),
    job,
    restarts: detail === undefined ? null : restartsOf(detail),
    ...(started === null ? {} : { started }),
    ...(stuck === null ? {} : { stuck }),
  }
}

export function usageOf(job: JobDetail): TaskUsage {
  const said = saidOf(job)
  const { image } = job.container ?? {}
  return {
    index: indexOf(job),
    job: job.jobId!,
    node: nodeOf(job),
    state: stateOf(said),
    exit: said.container?.exitCode === undefined ? null : String(said.container.exitCode),
    started: timeOf(job.startedAt),
    ended: timeOf(job.stoppedAt),
    cpuMs: null,
    maxRssBytes: null,
    ...(image?.includes('@sha256:') ? { image } : {}),
  }
}

/** Machines of one's own have a name; those of Fargate have none. */
function nodeOf({ container, attempts = [] }: JobDetail): string | null {
  const arn = container?.containerInstanceArn ?? attempts.at(-1)?.container?.containerInstanceArn
  return arn?.split('/').at(-1) ?? null
}

/** Attempts that are over are listed; the one that runs is not. */
function restartsOf({ attempts = [], status }: JobDetail): number {
  return status === 'SUCCEEDED' || status === 'FAILED' ? Math.max(0, attempts.length - 1) : attempts.length
}

function timeOf(at: number | undefined): string | null {
  return at === undefined || at <= 0 ? null : new Date(at).toISOString()
}
