/** A Job's status, as its controller writes it. */
import { toRanges } from './index-ranges.ts'
import type { Tally, Verdict } from './job-tally.ts'
import { isOver } from './scheduler.ts'
import { type Condition, conditionOf, type Job, type JobStatus, type Pod, stamp } from './things.ts'

/** The condition by which it is over: Complete or Failed. */
export function finishedOf(job: Job): Condition | null {
  return conditionOf(job, 'Complete') ?? conditionOf(job, 'Failed') ?? null
}

export function statusOf(
  job: Job,
  tally: Tally,
  pods: readonly Pod[],
  end: Verdict | 'complete' | null,
): JobStatus {
  const left = pods.filter((pod) => !isOver(pod))
  const active = left.filter((pod) => pod.metadata.deletionTimestamp === undefined)
  const ready = active.filter((pod) => pod.status.phase === 'Running')
  const conditions = conditionsOf(job, end, left.length === 0)
  const indexed = job.spec.completionMode === 'Indexed'
  const startTime = job.spec.suspend === true ? {} : { startTime: job.status.startTime ?? stamp() }
  return {
    ...(conditions.length === 0 ? {} : { conditions }),
    ...startTime,
    ...(conditions.some(({ type }) => type === 'Complete') ? { completionTime: stamp() } : {}),
    ...(active.length === 0 ? {} : { active: active.length }),
    ready: ready.length,
    terminating: left.length - active.length,
    ...(tally.succeeded === 0 ? {} : { succeeded: tally.succeeded }),
    ...(tally.failed === 0 ? {} : { failed: tally.failed }),
    ...(indexed && tally.completed.size > 0 ? { completedIndexes: toRanges([...tally.completed]) } : {}),
    ...(job.spec.backoffLimitPerIndex === undefined
      ? {}
      : { failedIndexes: toRanges([...tally.failedIndices]) }),
    uncountedTerminatedPods: {},
  }
}

/** The first of them as soon as it is decided, the last when no pod is left. */
function conditionsOf(job: Job, end: Verdict | 'complete' | null, empty: boolean): Condition[] {
  const conditions = [...(job.status.conditions ?? [])]
  const add = (type: string, reason: string, message: string, status: Condition['status'] = 'True') => {
    const at = conditions.findIndex((each) => each.type === type)
    if (conditions[at]?.status === status) return
    const condition = { type, status, lastProbeTime: stamp(), lastTransitionTime: stamp(), reason, message }
    if (at < 0) conditions.push(condition)
    else conditions[at] = condition
  }
  if (end === 'complete') {
    const said = ['CompletionsReached', 'Reached expected number of succeeded pods'] as const
    add('SuccessCriteriaMet', ...said)
    if (empty) add('Complete', ...said)
  } else if (end !== null) {
    add('FailureTarget', end.reason, end.message)
    if (empty) add('Failed', end.reason, end.message)
  } else if (job.spec.suspend === true) add('Suspended', 'JobSuspended', 'Job suspended')
  else if (conditions.some(({ type }) => type === 'Suspended'))
    add('Suspended', 'JobResumed', 'Job resumed', 'False')
  return conditions
}
