/**
 * AWS Batch as an array engine: an array is a job with as many children, which machines of a compute environment, rented as they are
 * needed, execute. Nothing makes a submission the same as one before, so that it is found again by its name.
 */
import type { JobQueueDetail } from '@aws-sdk/client-batch'
import { RepriseError } from '../../lib/errors.ts'
import type { ArrayEngine, ArrayOrder, EngineFacts } from '../array/engine.ts'
import { isOver } from '../array/engine.ts'
import type { Container } from '../cloud/container.ts'
import { type BatchPatience, batchApi } from './client.ts'
import { DIGEST, definitionName, definitionOf, jobOf, MOST_TASKS } from './definition.ts'
import { findJob, jobsOfDefinition, Looking } from './looking.ts'
import { printedIn } from './printed.ts'
import type { BatchWishes } from './profile.ts'
import { whyNot } from './queue.ts'
import { stateOf } from './states.ts'

export interface BatchOptions {
  readonly wishes: BatchWishes
  /** Name of the run: letters, digits, `-` and `_`. */
  readonly run: string
  /** What tasks of an array are started with. */
  readonly container: (array: number) => Container
  readonly patience?: BatchPatience
}

/** Of the service's interface, which has no other. */
const VERSION = '2016-08-10'
/** Told of jobs that were ended from here. */
const REASON = 'Cancelled by Reprise'
/** Jobs that are ended at once. */
const AT_ONCE = 8

export function batchEngine({ wishes, run, container, patience = {} }: BatchOptions): ArrayEngine {
  const api = batchApi(wishes, patience)
  const looking = new Looking(api)
  /** By array, as far as they were submitted from here. */
  const handles = new Map<number, string>()
  /** Name and revision of what was registered, by array. */
  const staged = new Map<number, string>()
  let found: Promise<JobQueueDetail> | null = null

  const queue = () => {
    found ??= queueOf()
    found.catch(() => {
      found = null
    })
    return found
  }

  async function queueOf(): Promise<JobQueueDetail> {
    const asked = { jobQueues: [wishes.queue] }
    const answer = await api.call('prepare', (batch, how) => batch.describeJobQueues(asked, how))
    const [there] = answer.jobQueues ?? []
    const refusal = there === undefined ? 'there is no such job queue' : whyNot(there, wishes)
    if (refusal === null) return there!
    throw new RepriseError('usage', refusal, {
      subject: `aws-batch: queue ${wishes.queue}`,
      remedy:
        '`aws batch describe-job-queues` lists those of the account in the region; see `queue` of the profile',
    })
  }

  /** Definitions of the run that can be submitted. */
  async function definitions() {
    const asked = { jobDefinitionName: definitionName(run), status: 'ACTIVE' }
    const answer = await api.call('prepare', (batch, how) => batch.describeJobDefinitions(asked, how))
    return answer.jobDefinitions ?? []
  }

  async function cancel(asked: readonly string[]): Promise<void> {
    const there = new Map((await looking.describe(asked)).map((job) => [job.jobId, job]))
    const left = asked.filter((jobId) => {
      const job = there.get(jobId)
      return job === undefined || !isOver(stateOf(job))
    })
    let failure: RepriseError | null = null
    for (let from = 0; from < left.length; from += AT_ONCE)
      await Promise.all(
        left.slice(from, from + AT_ONCE).map((jobId) =>
          api
            .call('ask', (batch, how) => batch.terminateJob({ jobId, reason: REASON }, how))
            .catch((error: RepriseError) => {
              // one that has just ended is over, and the others are not to go on for any
              if (!isUnknown(error)) failure ??= error
            }),
        ),
      )
    if (failure !== null) throw failure
  }

  return {
    kind: 'aws-batch',
    remedy:
      'See that `image` has Node 20.19 or later, and that tasks reach the bucket, with the rights of `jobRole`',

    async probe(): Promise<EngineFacts> {
      const { jobQueueName } = await queue()
      const maxTasks = wishes.maxTasks ?? null
      return { cluster: jobQueueName!, version: VERSION, maxArray: MOST_TASKS, maxTasks, accounting: true }
    },

    async stage({ array }: ArrayOrder): Promise<void> {
      const wanted = definitionOf(wishes, run, container(array))
      const there = (await definitions()).find(
        ({ parameters }) => parameters?.[DIGEST] === wanted.parameters[DIGEST],
      )
      const { jobDefinitionName, revision } =
        there ?? (await api.call('prepare', (batch, how) => batch.registerJobDefinition(wanted, how)))
      staged.set(array, `${jobDefinitionName}:${revision}`)
    },

    async submit(order: ArrayOrder): Promise<string> {
      const job = jobOf(order, staged.get(order.array) ?? definitionName(run), await queue())
      const { jobId } = await api.callOnce('submit', (batch, how) => batch.submitJob(job, how))
      if (jobId === undefined)
        throw new RepriseError('engine', 'it is not known as what it was submitted', { subject: 'aws-batch' })
      handles.set(order.array, jobId)
      return jobId
    },

    find: (name) => findJob(api, wishes.queue, name),
    status: (asked) => looking.status(asked),
    collect: (handle) => looking.usage(handle),

    async logs(array: number, index: number): Promise<string> {
      const handle = handles.get(array) ?? looking.handleOf(array)
      const stream = handle === null ? null : await looking.streamOf(handle, index)
      return stream === null ? '' : printedIn(api, wishes.endpoint, stream)
    },

    cancel,
    cancelAll: async () => cancel(await jobsOfDefinition(api, wishes.queue, definitionName(run))),

    async clean(): Promise<void> {
      for (const { jobDefinitionArn: jobDefinition } of await definitions())
        await api.call('ask', (batch, how) => batch.deregisterJobDefinition({ jobDefinition }, how))
      staged.clear()
    },

    close: () => api.close(),
  }
}

/** Whether the service answered that there is no such thing (any more). */
function isUnknown({ cause }: RepriseError): boolean {
  return cause instanceof Error && cause.name === 'ClientException'
}
