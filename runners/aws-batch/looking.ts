/**
 * How arrays are looked at. A list tells of a thousand children at once, and only those that changed are asked about more
 * closely: what is over stays so, and is asked about once. A child that no list has waits.
 */
import type { Batch, JobDetail, JobStatus, JobSummary } from '@aws-sdk/client-batch'
import { RepriseError } from '../../lib/errors.ts'
import { isOver, type TaskLook, type TaskUsage } from '../array/engine.ts'
import { TASK_ENV } from '../cloud/container.ts'
import type { BatchApi } from './client.ts'
import { childId, indexOf, lookOf, saidOf, usageOf } from './reading.ts'
import { inVainOf, type Said, stateOf } from './states.ts'

/** Jobs that one question may be about. */
const AT_ONCE = 100

/** What is known of an array from earlier looks. */
interface Known {
  /** Number of the array in its run, where the job says so. */
  readonly array: number | null
  readonly over: Map<number, TaskLook>
  /** Those that run, and since when, which tells one attempt from the next. */
  running: Map<number, { readonly startedAt: number; readonly look: TaskLook }>
  readonly usage: Map<number, TaskUsage>
}

export class Looking {
  readonly #api: BatchApi
  readonly #known = new Map<string, Known>()
  /** Some task of the run has begun: so its image can be had. */
  #began = false

  constructor(api: BatchApi) {
    this.#api = api
  }

  /** Throws `engine`; `usage` where an image cannot be had. */
  async status(handles: readonly string[]): Promise<ReadonlyMap<string, ReadonlyMap<number, TaskLook>>> {
    const looks = new Map<string, ReadonlyMap<number, TaskLook>>()
    for (const job of await this.describe(handles)) {
      const size = job.arrayProperties?.size
      looks.set(job.jobId!, size === undefined ? this.#alone(job) : await this.#children(job, size))
    }
    return looks
  }

  /** What was measured of the children that are over. Throws `engine`. */
  async usage(handle: string): Promise<readonly TaskUsage[]> {
    const [job] = await this.describe([handle])
    if (job === undefined) return []
    const { usage } = this.#knownOf(job)
    const { size } = job.arrayProperties ?? {}
    const jobs =
      size === undefined
        ? [job]
        : await this.describe(indices(size).flatMap((i) => (usage.has(i) ? [] : [childId(handle, i)])))
    for (const one of jobs) if (isOver(stateOf(saidOf(one)))) usage.set(indexOf(one), usageOf(one))
    return [...usage.values()].sort((a, b) => a.index - b.index)
  }

  /** Handle of an array of the run, as far as it was looked at. */
  handleOf(array: number): string | null {
    for (const [handle, known] of this.#known) if (known.array === array) return handle
    return null
  }

  /** Name of the stream that the last attempt of a task printed to. Throws `engine`. */
  async streamOf(handle: string, index: number): Promise<string | null> {
    const jobs = await this.describe([handle, childId(handle, index)])
    const { container, attempts = [] } = jobs.find(({ jobId }) => jobId !== handle) ?? jobs[0] ?? {}
    return container?.logStreamName ?? attempts.at(-1)?.container?.logStreamName ?? null
  }

  /** Those of these jobs that are known. Throws `engine`. */
  async describe(jobs: readonly string[]): Promise<JobDetail[]> {
    const found: JobDetail[] = []
    for (let from = 0; from < jobs.length; from += AT_ONCE) {
      const some = jobs.slice(from, from + AT_ONCE)
      const answer = await this.#api.call('ask', (batch, how) => batch.describeJobs({ jobs: some }, how))
      found.push(...(answer.jobs ?? []))
    }
    return found
  }

  #alone(job: JobDetail): ReadonlyMap<number, TaskLook> {
    this.#knownOf(job)
    const said = saidOf(job)
    this.#refuseInVain([said])
    return new Map([[0, lookOf(job.jobId!, said, job)]])
  }

  async #children(parent: JobDetail, size: number): Promise<ReadonlyMap<number, TaskLook>> {
    const handle = parent.jobId!
    const known = this.#knownOf(parent)
    const counts = parent.arrayProperties?.statusSummary ?? {}
    const said = new Map<number, JobSummary>()
    const list = async (status: JobStatus, most?: number) => {
      for (const job of await this.#list(handle, status, most)) said.set(indexOf(job), job)
    }
    if ((counts.RUNNABLE ?? 0) > 0) await list('RUNNABLE', AT_ONCE) // the first of them tell why they wait
    if ((counts.RUNNING ?? 0) > 0 || known.running.size > 0) await list('RUNNING')
    const gone = [...known.running.keys()].some((index) => said.get(index)?.status !== 'RUNNING')
    for (const status of ['SUCCEEDED', 'FAILED'] as const) {
      const had = [...known.over.values()].filter(
        ({ state }) => (state === 'completed') === (status === 'SUCCEEDED'),
      )
      if (gone || (counts[status] ?? 0) > had.length) await list(status)
    }
    await this.#note(handle, known, said)
    const rest = isOver(stateOf(parent)) ? parent : { status: 'PENDING', statusReason: parent.statusReason }
    return new Map(
      indices(size).map((index) => {
        const look = known.over.get(index) ?? known.running.get(index)?.look
        return [index, look ?? lookOf(childId(handle, index), said.get(index) ?? rest)]
      }),
    )
  }

  /** Remembers what runs and what is over; of what is new, and did not simply end well, the nodes and attempts are asked for. */
  async #note(handle: string, known: Known, said: ReadonlyMap<number, JobSummary>): Promise<void> {
    this.#refuseInVain([...said.values()])
    const running = [...said].filter(([, { status }]) => status === 'RUNNING')
    const fresh = running.filter(
      ([index, job]) => known.running.get(index)?.startedAt !== (job.startedAt ?? 0),
    )
    const failed = [...said].filter(([index, { status }]) => status === 'FAILED' && !known.over.has(index))
    const ids = [...fresh, ...failed].map(([index]) => childId(handle, index))
    const details = new Map((await this.describe(ids)).map((job) => [indexOf(job), job]))
    const look = (index: number, job: JobSummary) => lookOf(childId(handle, index), job, details.get(index))
    known.running = new Map(
      running.map(([index, job]) => {
        const before = known.running.get(index)
        const startedAt = job.startedAt ?? 0
        return [index, before?.startedAt === startedAt ? before : { startedAt, look: look(index, job) }]
      }),
    )
    for (const [index, job] of said)
      if (isOver(stateOf(job)) && !known.over.has(index)) known.over.set(index, look(index, job))
  }

  /** Throws `usage` where the image cannot be had, or has no Node, and no task has ever begun: one machine may have troubles. */
  #refuseInVain(jobs: readonly Said[]): void {
    this.#began ||= jobs.some(
      ({ status, container }) =>
        status === 'RUNNING' || status === 'SUCCEEDED' || container?.exitCode !== undefined,
    )
    if (this.#began) return
    for (const job of jobs) {
      const why = inVainOf(job)
      if (why === null) continue
      throw new RepriseError('usage', why, {
        subject: 'aws-batch',
        remedy: 'See `image` of the profile: any with Node 20.19 or later will do',
      })
    }
  }

  async #list(
    arrayJobId: string,
    jobStatus: JobStatus,
    most = Number.POSITIVE_INFINITY,
  ): Promise<JobSummary[]> {
    const found: JobSummary[] = []
    let nextToken: string | undefined
    do {
      const page = nextToken === undefined ? {} : { nextToken }
      const answer = await this.#api.call('ask', (batch, how) =>
        batch.listJobs({ arrayJobId, jobStatus, ...page }, how),
      )
      found.push(...(answer.jobSummaryList ?? []))
      nextToken = answer.nextToken
    } while (nextToken !== undefined && found.length < most)
    return found
  }

  #knownOf({ jobId, container }: JobDetail): Known {
    const number = container?.environment?.find(({ name }) => name === TASK_ENV.array)?.value
    const array = number === undefined ? null : Number(number)
    const known = this.#known.get(jobId!) ?? { array, over: new Map(), running: new Map(), usage: new Map() }
    this.#known.set(jobId!, known)
    return known
  }
}

/** The array of this name that was submitted last. Throws `engine`. */
export async function findJob(api: BatchApi, jobQueue: string, name: string): Promise<string | null> {
  let last: JobSummary | null = null
  for (const job of await listQueue(api, jobQueue, 'JOB_NAME', name))
    if (job.jobName === name && (job.createdAt ?? 0) >= (last?.createdAt ?? 0)) last = job
  return last?.jobId ?? null
}

/** What was submitted by any revision of a job definition and is not over. Throws `engine`. */
export async function jobsOfDefinition(api: BatchApi, jobQueue: string, name: string): Promise<string[]> {
  const jobs = await listQueue(api, jobQueue, 'JOB_DEFINITION', name)
  return jobs.flatMap((job) => (job.jobId === undefined || isOver(stateOf(job)) ? [] : [job.jobId]))
}

/** Of a queue what a filter lets through, whatever its status. */
async function listQueue(
  api: BatchApi,
  jobQueue: string,
  filter: 'JOB_NAME' | 'JOB_DEFINITION',
  value: string,
): Promise<JobSummary[]> {
  const found: JobSummary[] = []
  let nextToken: string | undefined
  do {
    const page = nextToken === undefined ? {} : { nextToken }
    const filters = [{ name: filter, values: [value] }]
    const answer = await api.call('ask', (batch: Batch, how) =>
      batch.listJobs({ jobQueue, filters, ...page }, how),
    )
    found.push(...(answer.jobSummaryList ?? []))
    nextToken = answer.nextToken
  } while (nextToken !== undefined)
  return found
}

function indices(size: number): number[] {
  return Array.from({ length: size }, (_, index) => index)
}
