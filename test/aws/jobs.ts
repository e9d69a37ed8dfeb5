/**
 * Jobs as AWS Batch has them: children of an array wait for a machine, run as processes, are tried again as their retry strategy says,
 * and are told of by their status. Machines are taken away, and containers started twice, as often as the faults say.
 */
import { randomUUID } from 'node:crypto'
import { type Attempt, endOf, isOver, type Job, matches } from './job.ts'
import { ContainerProcess } from './process.ts'

export interface JobFaults {
  /** Share of attempts whose machine is taken away a moment after they began. */
  killed: number
  /** When, ms after: a moment up to this. */
  killedMs: number
  /** Share of attempts that are started as two processes. */
  twice: number
  /** Images that the registry does not have. */
  readonly unpullable: Set<string>
  /** Why nothing begins, as the queue says it; null where it does. */
  blocked: string | null
}

export interface JobsOptions {
  readonly slots: number
  /** Between its statuses, ms. */
  readonly stepMs: number
  /** Between SIGTERM and SIGKILL, ms. */
  readonly graceMs: number
  readonly faults: JobFaults
  readonly random: () => number
  /** What a container's environment has beside its own. */
  readonly surroundings: (job: Job) => Readonly<Record<string, string>>
}

const ACCOUNT = 'arn:aws:ecs:us-east-1:123456789012'

export class Jobs {
  readonly all = new Map<string, Job>()
  /** What attempts printed, by stream. */
  readonly streams = new Map<string, ContainerProcess>()
  /** Attempts that were begun, those whose machine was taken away, and those that were started twice. */
  readonly counts = { attempts: 0, killed: 0, twice: 0 }
  readonly #options: JobsOptions
  readonly #alive = new Set<ContainerProcess>()
  readonly #waiting: Job[] = []
  #busy = 0
  #closed = false

  constructor(options: JobsOptions) {
    this.#options = options
  }

  submit(
    own: Pick<Job, 'jobName' | 'jobQueue' | 'jobDefinition' | 'definition' | 'environment'>,
    size: number | null,
  ): Job {
    const make = (jobId: string, index: number | null): Job => ({
      ...own,
      ...{
        jobId,
        index,
        createdAt: Date.now(),
        size: size ?? 1,
        status: 'SUBMITTED',
        attempts: [],
        running: null,
      },
      ...{ children: null, statusReason: undefined, startedAt: undefined, stoppedAt: undefined },
      ...{ terminated: null, isTaken: false },
    })
    const id = randomUUID()
    const children =
      size === null ? null : Array.from({ length: size }, (_, index) => make(`${id}:${index}`, index))
    const job: Job = { ...make(id, null), children }
    this.all.set(id, job)
    for (const child of children ?? []) this.all.set(child.jobId, child)
    this.#later(() => {
      if (job.status !== 'SUBMITTED') return
      if (children !== null) job.status = 'PENDING'
      for (const one of children ?? [job]) this.#wait(one)
    })
    return job
  }

  /** Ends a job, and an array's children, whatever they do; `waiting`: only those that have not begun. */
  end(job: Job, reason: string, waiting = false): void {
    if (job.children !== null && !isOver(job)) {
      for (const child of job.children) this.end(child, reason, waiting)
      return
    }
    if (isOver(job) || (waiting && (job.status === 'STARTING' || job.status === 'RUNNING'))) return
    job.terminated = reason
    if (job.running === null) this.#over(job, 'FAILED', reason)
    for (const one of job.running?.processes ?? []) {
      one.signal('SIGTERM')
      setTimeout(() => one.signal('SIGKILL'), this.#options.graceMs).unref()
    }
  }

  /** As if their machine were taken away: the attempt of this job that runs. */
  take(job: Job): void {
    if (job.running === null || job.isTaken) return
    job.isTaken = true
    this.counts.killed++
    for (const one of job.running.processes) one.signal('SIGKILL')
  }

  /** Begins what may begin, such as after a fault is over. */
  fill(): void {
    const { faults, slots } = this.#options
    while (!this.#closed && faults.blocked === null && this.#busy < slots && this.#waiting.length > 0) {
      const job = this.#waiting.shift()!
      if (job.status !== 'RUNNABLE') continue
      this.#busy++
      job.status = 'STARTING'
      job.statusReason = undefined
      this.#later(() => void this.#attempt(job).finally(() => this.#free()))
    }
    for (const job of this.#waiting) job.statusReason = faults.blocked ?? undefined
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const one of this.#alive) one.signal('SIGKILL')
    await Promise.all([...this.#alive].map((one) => one.ended))
  }

  #free(): void {
    this.#busy--
    this.fill()
  }

  #wait(job: Job): void {
    if (isOver(job)) return
    job.status = 'RUNNABLE'
    this.#waiting.push(job)
    this.fill()
  }

  async #attempt(job: Job): Promise<void> {
    if (this.#closed || isOver(job)) return
    const { faults, random, surroundings } = this.#options
    const machine = `i-${Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0')}`
    const place = {
      containerInstanceArn: `${ACCOUNT}:container-instance/spot/${machine}`,
      taskArn: `${ACCOUNT}:task/spot/${randomUUID()}`,
      logStreamName: `${job.definition.jobDefinitionName}/default/${randomUUID()}`,
    }
    const { image, command = [], environment = [] } = job.definition.containerProperties
    if (faults.unpullable.has(image)) {
      const reason = `CannotPullContainerError: Error response from daemon: manifest for ${image} not found: manifest unknown: manifest unknown`
      return this.#ended(job, {
        container: { ...place, reason },
        stoppedAt: Date.now(),
        statusReason: 'Task failed to start',
      })
    }
    const own = Object.fromEntries(
      [...environment, ...job.environment].map(({ name, value }) => [name, value]),
    )
    const start = () => {
      const one = new ContainerProcess(command, { ...own, ...surroundings(job) })
      this.#alive.add(one)
      void one.ended.finally(() => this.#alive.delete(one))
      return one
    }
    const startedAt = Date.now()
    const processes = [start()]
    this.counts.attempts++
    if (random() < faults.twice) {
      processes.push(start())
      this.counts.twice++
    }
    this.streams.set(place.logStreamName, processes[0]!)
    Object.assign(job, { status: 'RUNNING', startedAt, running: { processes, place }, isTaken: false })
    if (random() < faults.killed) setTimeout(() => this.take(job), random() * faults.killedMs).unref()
    const ended = await processes[0]!.ended // the second goes on: that it is there nobody knows
    job.running = null
    const container = { ...place, ...endOf(ended) }
    const statusReason = job.isTaken
      ? `Host EC2 (instance ${machine}) terminated.`
      : 'Essential container in task exited'
    this.#ended(job, { container, startedAt, stoppedAt: Date.now(), statusReason })
  }

  #ended(job: Job, attempt: Attempt): void {
    job.attempts.push(attempt)
    const { attempts = 1, evaluateOnExit = [] } = job.definition.retryStrategy ?? {}
    const rule = evaluateOnExit.find((one) => matches(one, attempt))
    const isLast = job.attempts.length >= attempts || rule?.action.toUpperCase() === 'EXIT'
    if (attempt.container.exitCode === 0) this.#over(job, 'SUCCEEDED', attempt.statusReason)
    else if (job.terminated !== null) this.#over(job, 'FAILED', job.terminated)
    else if (isLast) this.#over(job, 'FAILED', attempt.statusReason)
    else this.#wait(job)
  }

  #over(job: Job, status: 'SUCCEEDED' | 'FAILED', reason: string): void {
    Object.assign(job, { status, statusReason: reason, stoppedAt: Date.now() })
    const parent = job.index === null ? undefined : this.all.get(job.jobId.split(':')[0]!)
    if (parent === undefined || isOver(parent) || !parent.children!.every(isOver)) return
    const failed = parent.children!.some((child) => child.status === 'FAILED')
    this.#over(
      parent,
      failed ? 'FAILED' : 'SUCCEEDED',
      failed ? 'Array Child Job failed' : 'Array Child Jobs succeeded',
    )
  }

  #later(act: () => void): void {
    setTimeout(() => {
      if (!this.#closed) act()
    }, this.#options.stepMs).unref()
  }
}
