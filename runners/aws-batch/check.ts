/**
 * What of AWS Batch is missing for runs, found out from here: nothing is started. Rights are found out by asking for what is not there:
 * who may not ask is told so before it is looked for.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import type { Batch, ComputeEnvironmentDetail, JobQueueDetail } from '@aws-sdk/client-batch'
import { RepriseError } from '../../lib/errors.ts'
import { type BatchApi, type BatchPatience, batchApi } from './client.ts'
import { defaultImage, definitionOf } from './definition.ts'
import type { Doing } from './failures.ts'
import type { BatchWishes } from './profile.ts'
import { whyNot } from './queue.ts'

export interface BatchFinding {
  readonly name: string
  /** `note`: nothing is known to be wrong, and it is good to know. */
  readonly state: 'well' | 'bad' | 'note'
  readonly found: string
  /** What to do; empty where nothing is to be done. */
  readonly remedy: string
}

/** Finds what is there and what is missing. What it throws is a mistake of its own. */
export async function batchCheck(
  wishes: BatchWishes,
  patience: BatchPatience = {},
): Promise<readonly BatchFinding[]> {
  const api = batchApi(wishes, patience)
  const findings: BatchFinding[] = []
  let isAnswered = true
  /** Notes what comes of a question; null where that is an error, which is noted too. */
  const look = async <T>(
    name: string,
    ask: () => Promise<T>,
    tell: (answer: T) => Partial<BatchFinding>,
  ): Promise<T | null> => {
    try {
      const answer = await ask()
      findings.push({ ...{ name, state: 'well', found: '', remedy: '' }, ...tell(answer) })
      return answer
    } catch (error) {
      if (!(error instanceof RepriseError)) throw error
      isAnswered &&= error.code !== 'engine'
      findings.push({ name, state: 'bad', found: error.message, remedy: error.remedy })
      return null
    }
  }
  try {
    const signed = await look(
      'credentials',
      () => api.signing(),
      ({ region }) => ({ found: `there, for region ${region}` }),
    )
    if (signed === null) return findings
    const queue = await look(
      'queue',
      () => queueOf(api, wishes),
      (there) => tellQueue(there, wishes),
    )
    if (!isAnswered) return findings
    if (queue?.there != null)
      await look(
        'compute environments',
        () => environmentsOf(api, queue.there!),
        (found) => tellEnvironments(found, wishes),
      )
    await look(
      'job definition',
      () => tryDefinition(api, wishes),
      () => ({ found: 'one can be registered, and removed' }),
    )
    await look(
      'rights',
      () => tryRights(api, wishes),
      () => ({ found: 'jobs may be submitted, listed, described and ended' }),
    )
    const image = wishes.image ?? defaultImage()
    findings.push({
      name: 'image',
      state: 'note',
      found: image,
      remedy: 'Whether it can be had, the first task shows',
    })
    return findings
  } finally {
    api.close()
  }
}

async function queueOf(api: BatchApi, { queue }: BatchWishes): Promise<{ there: JobQueueDetail | null }> {
  const answer = await api.call('prepare', (batch, how) =>
    batch.describeJobQueues({ jobQueues: [queue] }, how),
  )
  return { there: answer.jobQueues?.[0] ?? null }
}

function tellQueue({ there }: { there: JobQueueDetail | null }, wishes: BatchWishes): Partial<BatchFinding> {
  const remedy =
    '`aws batch describe-job-queues` lists those of the account in the region; see `queue` of the profile'
  if (there === null) return { state: 'bad', found: `there is no job queue ${wishes.queue}`, remedy }
  const refusal = whyNot(there, wishes)
  return refusal === null
    ? { found: `${there.jobQueueName} takes jobs` }
    : { state: 'bad', found: refusal, remedy }
}

async function environmentsOf(api: BatchApi, { computeEnvironmentOrder = [] }: JobQueueDetail) {
  const computeEnvironments = computeEnvironmentOrder.map(({ computeEnvironment }) => computeEnvironment!)
  const asked = { computeEnvironments }
  return (
    (await api.call('prepare', (batch, how) => batch.describeComputeEnvironments(asked, how)))
      .computeEnvironments ?? []
  )
}

function tellEnvironments(
  found: readonly ComputeEnvironmentDetail[],
  { cpus = 1 }: BatchWishes,
): Partial<BatchFinding> {
  const usable = found.filter(
    ({ state, status }) => state === 'ENABLED' && (status === 'VALID' || status === 'UPDATING'),
  )
  const said = found.map(
    ({ computeEnvironmentName: name, state, status, statusReason }) =>
      `${name} is ${state}, ${status}: ${statusReason}`,
  )
  if (usable.length === 0) {
    const none = 'the queue has no compute environment'
    return {
      state: 'bad',
      found: said.join('; ') || none,
      remedy: 'Have one made ready that the queue can use',
    }
  }
  const most = usable.reduce((sum, { computeResources }) => sum + (computeResources?.maxvCpus ?? 0), 0)
  const words = `${usable.map(({ computeEnvironmentName }) => computeEnvironmentName).join(', ')}: at most ${most} vCPUs`
  if (most >= cpus || usable.some(({ computeResources }) => computeResources === undefined))
    return { found: words }
  return { state: 'bad', found: words, remedy: `A task asks for ${cpus}: see \`cpus\` of the profile` }
}

/** Registers what a run would, and removes it. */
async function tryDefinition(api: BatchApi, wishes: BatchWishes): Promise<void> {
  const run = `check-${randomBytes(6).toString('hex')}`
  const definition = definitionOf(wishes, run, { command: ['node', '-e', ''], env: {} })
  const { jobDefinitionArn: jobDefinition } = await api.call('prepare', (batch, how) =>
    batch.registerJobDefinition(definition, how),
  )
  await api.call('prepare', (batch, how) => batch.deregisterJobDefinition({ jobDefinition }, how))
}

/** Asks for what is not there: a definition, a job. */
async function tryRights(api: BatchApi, { queue: jobQueue }: BatchWishes): Promise<void> {
  const none = `reprise-check-${randomBytes(12).toString('hex')}`
  const jobId = randomUUID()
  const filters = [{ name: 'JOB_NAME', values: [none] }]
  await api.call('prepare', (batch, how) =>
    batch.describeJobDefinitions({ jobDefinitionName: none, status: 'ACTIVE' }, how),
  )
  await api.call('prepare', (batch, how) => batch.listJobs({ jobQueue, filters }, how))
  await api.call('prepare', (batch, how) => batch.describeJobs({ jobs: [jobId] }, how))
  await unlessNotThere(api, 'prepare', (batch, how) => batch.terminateJob({ jobId, reason: 'A check' }, how))
  const job = { jobName: none, jobQueue, jobDefinition: none }
  await unlessNotThere(api, 'submit', (batch, how) => batch.submitJob(job, how))
}

async function unlessNotThere(
  api: BatchApi,
  doing: Doing,
  act: (batch: Batch, how: { abortSignal: AbortSignal }) => Promise<unknown>,
) {
  await api.callOnce(doing, act).catch((error: RepriseError) => {
    if (!(error.cause instanceof Error && error.cause.name === 'ClientException')) throw error
  })
}
