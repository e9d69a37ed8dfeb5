/** What a Job's controller has counted of its pods that are over: each once, by the Job's own rules. */
import { exitCodeOf, indexOf } from './pod-of-job.ts'
import { conditionOf, type FailureRule, type Job, type Pod } from './things.ts'

export interface Verdict {
  readonly reason: string
  readonly message: string
}

export class Tally {
  /** In the order in which Jobs came. */
  readonly number: number
  readonly completed = new Set<number>()
  readonly failedIndices = new Set<number>()
  /** How often an index failed, as far as that counts. */
  readonly failures = new Map<number, number>()
  /** How often a pod was made for an index. */
  readonly attempts = new Map<number, number>()
  /** When an index may be tried again, milliseconds of the clock. */
  readonly notBefore = new Map<number, number>()
  succeeded = 0
  failed = 0
  /** Why the Job fails, once it does. */
  verdict: Verdict | null = null
  readonly #counted = new Set<string>()

  constructor(number: number) {
    this.number = number
  }

  /** Counts a pod that is over; false when it was counted before. */
  count(job: Job, pod: Pod, retryMs: number): boolean {
    if (this.#counted.has(pod.metadata.uid)) return false
    this.#counted.add(pod.metadata.uid)
    const index = indexOf(pod) ?? -1
    if (pod.status.phase === 'Succeeded') {
      if (!this.completed.has(index) || index < 0) this.succeeded++
      this.completed.add(index)
      return true
    }
    if (this.completed.has(index)) return true
    const rule = ruleOf(job, pod)
    const attempt = this.attempts.get(index) ?? 1
    this.notBefore.set(index, Date.now() + retryMs * 2 ** Math.min(attempt - 1, 5))
    if (rule?.action === 'Ignore') return true
    this.failed++
    this.failures.set(index, (this.failures.get(index) ?? 0) + 1)
    if (rule?.action === 'FailJob')
      this.verdict ??= { reason: 'PodFailurePolicy', message: words(rule, job, pod) }
    const { backoffLimitPerIndex: most } = job.spec
    if (most !== undefined && (rule?.action === 'FailIndex' || this.failures.get(index)! > most))
      this.failedIndices.add(index)
    return true
  }

  /** Why the Job has failed as a whole; null when it has not. */
  judge({ spec }: Job): Verdict | null {
    if (this.verdict !== null) return this.verdict
    const { maxFailedIndexes: most, backoffLimit = 6, completions = 1 } = spec
    if (this.failed > backoffLimit)
      return { reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' }
    if (most !== undefined && this.failedIndices.size > most)
      return {
        reason: 'MaxFailedIndexesExceeded',
        message: 'Job has exceeded the specified maximal number of failed indexes',
      }
    const over = this.completed.size + this.failedIndices.size
    if (this.failedIndices.size > 0 && over >= completions)
      return { reason: 'FailedIndexes', message: 'Job has failed indexes' }
    return null
  }

  isComplete({ spec }: Job): boolean {
    return spec.completionMode === 'Indexed'
      ? this.completed.size >= (spec.completions ?? 1)
      : this.succeeded >= (spec.completions ?? 1)
  }
}

/** The first rule of the Job that meets a pod. */
function ruleOf(job: Job, pod: Pod): FailureRule | null {
  return job.spec.podFailurePolicy?.rules.find((rule) => meets(rule, pod)) ?? null
}

function meets({ onExitCodes, onPodConditions }: FailureRule, pod: Pod): boolean {
  if (onPodConditions !== undefined)
    return onPodConditions.some(
      ({ type, status = 'True' }) => status === 'True' && conditionOf(pod, type) !== undefined,
    )
  if (onExitCodes === undefined) return false
  const code = exitCodeOf(pod, onExitCodes.containerName)
  if (code === null || code === 0) return false
  return onExitCodes.values.includes(code) === (onExitCodes.operator === 'In')
}

function words({ onExitCodes, action }: FailureRule, job: Job, pod: Pod): string {
  const { namespace, name } = pod.metadata
  const at = job.spec.podFailurePolicy!.rules.findIndex((rule) => meets(rule, pod))
  return onExitCodes === undefined
    ? `Pod ${namespace}/${name} has condition DisruptionTarget matching ${action} rule at index ${at}`
    : `Container ${pod.spec.containers[0]!.name} for pod ${namespace}/${name} failed with exit code ${exitCodeOf(pod)} matching ${action} rule at index ${at}`
}
