/** What AWS Batch answers to a request that it takes, in the service's own form; and what CloudWatch does about a job's stream. */
import type { BatchStandIn, Registered } from './batch-server.ts'
import { isOver, type Job, STATUSES } from './job.ts'
import { type Definition, definitionFault } from './requests.ts'

export class Refused extends Error {
  readonly status: number
  readonly type: string

  constructor(status: number, type: string, message: string) {
    super(message)
    this.status = status
    this.type = type
  }
}

interface Listing {
  readonly jobQueue?: string
  readonly arrayJobId?: string
  readonly jobStatus?: string
  readonly filters?: readonly { readonly name: string; readonly values: readonly string[] }[]
  readonly maxResults?: number
  readonly nextToken?: string
}

interface Submission {
  readonly jobName: string
  readonly jobQueue: string
  readonly jobDefinition: string
  readonly shareIdentifier?: string
  readonly arrayProperties?: { readonly size?: number }
  readonly containerOverrides?: { readonly environment?: Job['environment'] }
}

type Answer = (batch: BatchStandIn, body: never) => object

const ARN = 'arn:aws:batch:eu-central-1:123456789012'

const ANSWERS: Readonly<Record<string, Answer>> = {
  DescribeJobQueues: ({ queues }, { jobQueues }: { jobQueues?: string[] }) => ({
    jobQueues: [...queues]
      .filter(
        ([name]) =>
          jobQueues === undefined ||
          jobQueues.includes(name) ||
          jobQueues.includes(`${ARN}:job-queue/${name}`),
      )
      .map(([jobQueueName, queue]) => ({
        ...{ jobQueueName, jobQueueArn: `${ARN}:job-queue/${jobQueueName}`, priority: 1, ...queue },
        computeEnvironmentOrder: [
          { order: 1, computeEnvironment: `${ARN}:compute-environment/spot-machines` },
        ],
      })),
  }),
  DescribeComputeEnvironments: () => ({
    computeEnvironments: [
      {
        ...{
          computeEnvironmentName: 'spot-machines',
          computeEnvironmentArn: `${ARN}:compute-environment/spot-machines`,
        },
        ...{ type: 'MANAGED', state: 'ENABLED', status: 'VALID', statusReason: 'ComputeEnvironment Healthy' },
        computeResources: { type: 'SPOT', minvCpus: 0, maxvCpus: 256, desiredvCpus: 0, subnets: [] },
      },
    ],
  }),
  DescribeJobDefinitions: ({ definitions }, asked: { jobDefinitionName?: string; status?: string }) => ({
    jobDefinitions: definitions.filter(
      ({ jobDefinitionName, status }) =>
        (asked.jobDefinitionName ?? jobDefinitionName) === jobDefinitionName &&
        (asked.status ?? status) === status,
    ),
  }),
  RegisterJobDefinition({ definitions }, definition: Definition) {
    const fault = definitionFault(definition)
    if (fault !== null)
      throw new Refused(400, 'ClientException', `Error executing request, Exception : ${fault}`)
    const { jobDefinitionName } = definition
    const revision = definitions.filter((one) => one.jobDefinitionName === jobDefinitionName).length + 1
    const jobDefinitionArn = `${ARN}:job-definition/${jobDefinitionName}:${revision}`
    definitions.push({ ...definition, revision, jobDefinitionArn, status: 'ACTIVE' })
    return { jobDefinitionName, jobDefinitionArn, revision }
  },
  DeregisterJobDefinition({ definitions }, { jobDefinition }: { jobDefinition: string }) {
    const found = definitions.find(
      (one) => one.jobDefinitionArn === jobDefinition || nameOf(one) === jobDefinition,
    )
    if (found !== undefined) found.status = 'INACTIVE'
    return {}
  },
  SubmitJob(batch, { jobName, jobQueue, jobDefinition, ...more }: Submission) {
    const queue = batch.queues.get(jobQueue.split('/').at(-1)!)
    const refuse = (words: string) =>
      new Refused(400, 'ClientException', `Error executing request, Exception : ${words}`)
    if (queue === undefined) throw refuse(`Job queue ${jobQueue} not found`)
    if (queue.state !== 'ENABLED') throw refuse(`Job queue ${jobQueue} is not ENABLED`)
    if ((queue.schedulingPolicyArn === undefined) !== (more.shareIdentifier === undefined))
      throw refuse('shareIdentifier must be specified for a queue with a scheduling policy, and for no other')
    const definition = batch.definitions.filter(
      (one) => one.status === 'ACTIVE' && [one.jobDefinitionName, nameOf(one), one.jobDefinitionArn].includes(jobDefinition),
    ).at(-1) // biome-ignore format: one expression
    if (definition === undefined) throw refuse(`JobDefinition ${jobDefinition} not found`)
    const environment = more.containerOverrides?.environment ?? []
    const own = { jobName, jobQueue, jobDefinition: definition.jobDefinitionArn, definition, environment }
    const { jobId } = batch.jobs.submit(own, more.arrayProperties?.size ?? null)
    return { jobName, jobId, jobArn: `${ARN}:job/${jobId}` }
  },
  DescribeJobs: ({ jobs }, asked: { jobs: string[] }) => ({
    jobs: asked.jobs.flatMap((id) => {
      const job = jobs.all.get(id)
      return job === undefined ? [] : [detailOf(job)]
    }),
  }),
  ListJobs(batch, asked: Listing) {
    const found = listed(batch, asked)
    const from = Number(asked.nextToken ?? 0)
    const to = from + Math.min(batch.pageSize, asked.maxResults ?? Number.POSITIVE_INFINITY)
    const nextToken = to < found.length ? { nextToken: String(to) } : {}
    return { jobSummaryList: found.slice(from, to).map(summaryOf), ...nextToken }
  },
  TerminateJob: ({ jobs }, { jobId, reason }: { jobId: string; reason: string }) => {
    jobs.end(known(jobs.all, jobId), reason)
    return {}
  },
  CancelJob: ({ jobs }, { jobId, reason }: { jobId: string; reason: string }) => {
    jobs.end(known(jobs.all, jobId), reason, true)
    return {}
  },
  GetLogEvents({ jobs }, { logStreamName }: { logStreamName: string }) {
    const found = jobs.streams.get(logStreamName)
    if (found === undefined)
      throw new Refused(400, 'ResourceNotFoundException', 'The specified log stream does not exist.')
    return {
      events: found.output
        .split('\n')
        .slice(0, -1)
        .map((message) => ({ timestamp: 0, message })),
    }
  },
}

export function answerTo(batch: BatchStandIn, action: string, body: unknown): object {
  return ANSWERS[action]!(batch, body as never)
}

function nameOf({ jobDefinitionName, revision }: Registered): string {
  return `${jobDefinitionName}:${revision}`
}

function known(all: ReadonlyMap<string, Job>, jobId: string): Job {
  const job = all.get(jobId)
  if (job === undefined) throw new Refused(400, 'ClientException', `Job ${jobId} not found`)
  return job
}

/** Of a queue only what was submitted itself; of an array its children. */
function listed(
  { jobs, queues }: BatchStandIn,
  { jobQueue, arrayJobId, jobStatus = 'RUNNING', filters }: Listing,
): Job[] {
  if ((jobQueue === undefined) === (arrayJobId === undefined))
    throw new Refused(
      400,
      'ClientException',
      'Exactly one of jobQueue, arrayJobId and multiNodeJobId must be specified',
    )
  if (arrayJobId !== undefined)
    return (known(jobs.all, arrayJobId).children ?? []).filter(({ status }) => status === jobStatus)
  if (!queues.has(jobQueue!.split('/').at(-1)!))
    throw new Refused(400, 'ClientException', `Job queue ${jobQueue} not found`)
  const own = [...jobs.all.values()].filter((job) => job.index === null && job.jobQueue === jobQueue)
  if (filters === undefined) return own.filter(({ status }) => status === jobStatus)
  const fits = (job: Job) =>
    filters.every(({ name, values }) => values.some((value) => passes(job, name, value)))
  return own.filter(fits).sort((a, b) => b.createdAt - a.createdAt)
}

/** Names of jobs are compared without case, those of definitions with it, and without their revision. */
function passes({ jobName, definition }: Job, filter: string, value: string): boolean {
  const [own, asked] =
    filter === 'JOB_NAME'
      ? [jobName.toLowerCase(), value.toLowerCase()]
      : [definition.jobDefinitionName, value]
  return asked.endsWith('*') ? own.startsWith(asked.slice(0, -1)) : own === asked
}

function summaryOf(job: Job): object {
  const { jobId, jobName, status, statusReason, startedAt, stoppedAt, createdAt, jobDefinition } = job
  return {
    ...{
      jobArn: `${ARN}:job/${jobId}`,
      jobId,
      jobName,
      createdAt,
      status,
      statusReason,
      startedAt,
      stoppedAt,
      jobDefinition,
    },
    ...arrayOf(job),
    ...(isOver(job) ? { container: endOf(job), isTerminated: job.terminated !== null } : {}),
  }
}

function detailOf(job: Job): object {
  const { jobQueue, definition, environment, attempts, running } = job
  const { containerProperties, retryStrategy, parameters = {} } = definition
  const overridden = environment.map(({ name }) => name)
  const own = (containerProperties.environment ?? []).filter(({ name }) => !overridden.includes(name))
  const { exitCode: _, reason: __, ...place } = attempts.at(-1)?.container ?? {}
  return {
    ...summaryOf(job),
    ...{
      jobQueue: `${ARN}:job-queue/${jobQueue}`,
      retryStrategy,
      parameters,
      attempts,
      dependsOn: [],
      tags: {},
    },
    ...{ isCancelled: false, isTerminated: job.terminated !== null },
    container: {
      ...{ ...containerProperties, environment: [...own, ...environment] },
      ...(running === null ? place : running.place),
      ...(isOver(job) ? endOf(job) : {}),
    },
  }
}

function endOf({ attempts }: Job): { exitCode?: number; reason?: string } {
  const { exitCode, reason } = attempts.at(-1)?.container ?? {}
  return { ...(exitCode === undefined ? {} : { exitCode }), ...(reason === undefined ? {} : { reason }) }
}

function arrayOf({ children, size, index }: Job): object {
  if (index !== null) return { arrayProperties: { index } }
  if (children === null) return {}
  const count = (status: string) => children.filter((child) => child.status === status).length
  const statusSummary = Object.fromEntries(STATUSES.map((status) => [status, count(status)]))
  return { arrayProperties: { size, statusSummary } }
}
