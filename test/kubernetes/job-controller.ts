/** The Job controller: makes pods, counts how they ended, writes what became of the Job into its status. */
import type { Faults } from './faults.ts'
import { finishedOf, statusOf } from './job-status.ts'
import { Tally } from './job-tally.ts'
import { indexOf, isTwin, podOf } from './pod-of-job.ts'
import type { Registry } from './registry.ts'
import { isOver } from './scheduler.ts'
import type { Job, Pod } from './things.ts'

export interface ControllerSettings {
  /** Before an index is tried again for the first time, milliseconds; doubled each time. */
  readonly retryMs: number
  deletePod(pod: Pod): void
  deleteJob(job: Job): void
  /** Takes a pod away whose end was counted. */
  release(pod: Pod): void
}

export class JobController {
  readonly #registry: Registry
  readonly #faults: Faults
  readonly #settings: ControllerSettings
  readonly #tallies = new Map<string, Tally>()
  readonly #due = new Set<string>()
  readonly #timers = new Set<NodeJS.Timeout>()
  #jobs = 0
  #stopped = false

  constructor(registry: Registry, faults: Faults, settings: ControllerSettings) {
    this.#registry = registry
    this.#faults = faults
    this.#settings = settings
    registry.listen(({ resource, object }) => {
      if (resource === 'jobs') this.#soon(object as Job)
      const owner = resource === 'pods' ? object.metadata.ownerReferences?.[0] : undefined
      if (owner === undefined) return
      const job = registry.find<Job>('jobs', object.metadata.namespace, owner.name)
      if (job?.metadata.uid === owner.uid) this.#soon(job)
      else if (isOver(object as Pod)) this.#settings.release(object as Pod) // an orphan
    })
  }

  stop(): void {
    this.#stopped = true
    for (const timer of this.#timers) clearTimeout(timer)
  }

  #soon({ metadata: { namespace, name, uid } }: Job): void {
    if (this.#due.has(uid)) return
    this.#due.add(uid)
    setImmediate(() => {
      this.#due.delete(uid)
      const job = this.#registry.find<Job>('jobs', namespace, name)
      if (!this.#stopped && job?.metadata.uid === uid) this.#sync(job)
    })
  }

  #sync(job: Job): void {
    const tally = this.#tallyOf(job)
    const pods = this.#registry.ownedBy<Pod>('pods', job.metadata.uid)
    for (const pod of pods.filter(isOver)) {
      if (tally.count(job, pod, this.#settings.retryMs)) this.#again(job, this.#settings.retryMs)
      this.#settings.release(pod)
    }
    if (finishedOf(job) !== null || job.metadata.deletionTimestamp !== undefined) return
    const active = pods.filter((pod) => !isOver(pod) && pod.metadata.deletionTimestamp === undefined)
    const leaving = pods.filter((pod) => !isOver(pod) && pod.metadata.deletionTimestamp !== undefined)
    const late = this.#isLate(job)
    if (late)
      tally.verdict ??= {
        reason: 'DeadlineExceeded',
        message: 'Job was active longer than specified deadline',
      }
    const verdict = tally.judge(job)
    const complete = verdict === null && tally.isComplete(job)
    if (verdict !== null || job.spec.suspend === true) for (const pod of active) this.#settings.deletePod(pod)
    else if (!complete) this.#makePods(job, tally, active, leaving)
    this.#write(job, tally, verdict === null ? (complete ? 'complete' : null) : verdict)
  }

  #tallyOf(job: Job): Tally {
    const { uid } = job.metadata
    const tally = this.#tallies.get(uid) ?? new Tally(++this.#jobs)
    if (!this.#tallies.has(uid)) {
      this.#tallies.set(uid, tally)
      const { activeDeadlineSeconds: seconds } = job.spec
      if (seconds !== undefined) this.#again(job, seconds * 1000 + 20)
    }
    return tally
  }

  #isLate({ spec, status }: Job): boolean {
    const { activeDeadlineSeconds: seconds } = spec
    return (
      seconds !== undefined &&
      status.startTime !== undefined &&
      Date.now() - Date.parse(status.startTime) >= seconds * 1000
    )
  }

  #makePods(job: Job, tally: Tally, active: readonly Pod[], leaving: readonly Pod[]): void {
    const { parallelism = 1, completions = parallelism, completionMode, podReplacementPolicy } = job.spec
    const busy = podReplacementPolicy === 'Failed' ? [...active, ...leaving] : active
    let room = parallelism - busy.filter((pod) => !isTwin(pod)).length
    if (completionMode !== 'Indexed') {
      room = Math.min(room, completions - tally.succeeded - busy.length)
      for (; room > 0; room--) this.#makePod(job, tally, null, false)
      return
    }
    const taken = new Set(busy.map(indexOf))
    for (let index = 0; index < completions && room > 0; index++) {
      if (tally.completed.has(index) || tally.failedIndices.has(index) || taken.has(index)) continue
      const wait = (tally.notBefore.get(index) ?? 0) - Date.now()
      if (wait > 0) {
        this.#again(job, wait + 1)
        continue
      }
      room--
      const first = (tally.attempts.get(index) ?? 0) === 0
      this.#makePod(job, tally, index, false)
      if (first && this.#faults.isDoubled(tally.number, index)) this.#makePod(job, tally, index, true)
    }
  }

  #makePod(job: Job, tally: Tally, index: number | null, twin: boolean): void {
    const attempt = tally.attempts.get(index ?? -1) ?? 0
    tally.attempts.set(index ?? -1, attempt + 1)
    const failures = tally.failures.get(index ?? -1) ?? 0
    this.#registry.create<Pod>(
      'pods',
      podOf(job, { index, attempt, failures, twin, number: tally.number }) as Pod,
    )
  }

  #write(job: Job, tally: Tally, end: { reason: string; message: string } | 'complete' | null): void {
    const write = () => {
      const pods = this.#registry.ownedBy<Pod>('pods', job.metadata.uid)
      const after = this.#registry.update<Job>('jobs', job, (draft) => {
        if (finishedOf(draft) === null) draft.status = statusOf(draft, tally, pods, end)
      })
      if (after !== null && finishedOf(after) !== null) this.#finished(after)
    }
    if (this.#faults.lateStatusMs > 0) this.#timer(this.#faults.lateStatusMs, write)
    else write()
  }

  #finished(job: Job): void {
    const { ttlSecondsAfterFinished: ttl } = job.spec
    const ms = this.#faults.ttlMs ?? (ttl === undefined ? null : ttl * 1000)
    if (ms !== null)
      this.#timer(ms, () => {
        const now = this.#registry.find<Job>('jobs', job.metadata.namespace, job.metadata.name)
        if (now?.metadata.uid === job.metadata.uid) this.#settings.deleteJob(now)
      })
  }

  #again(job: Job, ms: number): void {
    this.#timer(ms, () => this.#soon(job))
  }

  #timer(ms: number, then: () => void): void {
    if (this.#stopped) return
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      then()
    }, ms)
    this.#timers.add(timer)
  }
}
