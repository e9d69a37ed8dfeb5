/**
 * Where a chunk is executed: seeds in, the user's functions called, chunk bytes out. Pure but for what the user's
 * own code does. Laws 1, 2 and 7: the bytes depend on the document, the chunk index and the work alone; a job that
 * throws is recorded as failed; an infrastructure failure is thrown and never becomes a result.
 */
import { type ChunkPlace, chunkPlace, type JobError, jobsBytes, jobText, summaryBytes } from './chunk.ts'
import { ChunkContext, JobContext, type StreamOwner } from './context.ts'
import type { ExperimentDocument } from './document.ts'
import { RepriseError } from './errors.ts'
import type { Input, Work } from './experiment.ts'
import { encode, type Json } from './values.ts'

/** What the surroundings lend to an executing chunk. */
export interface Ports {
  readonly input: Input
  readonly log: (words: readonly unknown[]) => void
  /** Told before each job, so that a watchdog outside knows where the work is. */
  readonly at: (job: number) => void
  /** Told whose stream `Math.random` is to draw from until told otherwise. */
  readonly chance: (owner: StreamOwner) => void
  /** Checks a result against the experiment's schema: null, or what is wrong. */
  readonly validate: ((result: unknown) => string | null) | null
}

/** A chunk done. `stacks` are provenance: where each failed job threw. */
export interface Executed {
  readonly bytes: Uint8Array
  readonly failed: number
  readonly stacks: readonly { readonly job: number; readonly stack: string }[]
}

/** Thrown through user code when the surroundings fail (a killed program, a missing input): the chunk is retried. */
export class InfrastructureFailure extends Error {
  override readonly name = 'InfrastructureFailure'
}

const MAX_MESSAGE = 10_000

/** Executes chunk `index` of an experiment: its bytes, and what is to be known beside them. */
export async function executeChunk(
  document: ExperimentDocument,
  hash: Uint8Array,
  work: Work,
  index: number,
  ports: Ports,
): Promise<Executed> {
  const chunk = new ChunkContext(document, hash, chunkPlace(document, index), ports)
  const outcomes: Outcome[] = []
  ports.chance(chunk)
  const set = await attempt(() => work.setup?.(chunk.setupContext() as never))
  for (let j = 0; j < chunk.place.jobs; j++) {
    ports.at(j)
    let outcome: Outcome
    if ('error' in set) outcome = set
    else {
      try {
        const job = new JobContext(chunk, j, set.value)
        ports.chance(job)
        const returned = work.run(job as never)
        outcome = accept(isThenable(returned) ? await returned : returned, ports)
      } catch (thrown) {
        outcome = failure(thrown)
      }
    }
    outcomes.push(outcome)
  }
  if (work.teardown !== undefined && !('error' in set)) await work.teardown(set.value)
  if (work.summarise === undefined) return jobsOutcome(index, outcomes)
  ports.chance(chunk)
  return summaryOutcome(index, outcomes, work.summarise, chunk.place)
}

type Outcome = { json: Json; value: unknown } | { error: JobError; stack: string }

function accept(value: unknown, ports: Ports): Outcome {
  const json = encode(value, 'result')
  const wrong = ports.validate === null ? null : ports.validate(value)
  if (wrong !== null) {
    throw new RepriseError('invalid-result', wrong, {
      remedy: 'Return what the schema under `result` asks, or mend it',
    })
  }
  return { json, value }
}

function jobsOutcome(index: number, outcomes: readonly Outcome[]): Executed {
  const texts = outcomes.map((outcome) =>
    jobText('error' in outcome ? { error: outcome.error } : { result: outcome.json }),
  )
  const stacks = stacksOf(outcomes)
  return { bytes: jobsBytes(index, texts), failed: stacks.length, stacks }
}

/** A summary that cannot be made fails every job of the chunk: there is nothing else to report of them. */
async function summaryOutcome(
  index: number,
  outcomes: readonly Outcome[],
  summarise: NonNullable<Work['summarise']>,
  place: ChunkPlace,
): Promise<Executed> {
  const results = outcomes.flatMap((outcome) => ('error' in outcome ? [] : [outcome.value]))
  const summed = await attempt(async () => {
    const value = await summarise(results as never[], { point: place.point as never })
    return encode(value, 'summary')
  })
  if ('error' in summed)
    return jobsOutcome(
      index,
      outcomes.map((o) => ('error' in o ? o : summed)),
    )
  const failed = outcomes.flatMap((o, job) => ('error' in o ? [{ error: o.error, job }] : []))
  return {
    bytes: summaryBytes(index, summed.value, failed),
    failed: failed.length,
    stacks: stacksOf(outcomes),
  }
}

function stacksOf(outcomes: readonly Outcome[]): Executed['stacks'] {
  return outcomes.flatMap((o, job) => ('error' in o ? [{ job, stack: o.stack }] : []))
}

async function attempt<T>(
  action: () => T | Promise<T>,
): Promise<{ value: T } | { error: JobError; stack: string }> {
  try {
    return { value: await action() }
  } catch (thrown) {
    return failure(thrown)
  }
}

/** The record of what user code threw, whatever it was. */
function failure(thrown: unknown): { error: JobError; stack: string } {
  if (thrown instanceof InfrastructureFailure) throw thrown
  try {
    if (thrown instanceof RepriseError) {
      const name = thrown.code === 'invalid-result' ? 'InvalidResult' : 'RepriseError'
      return { error: jobError(name, thrown.line), stack: thrown.line }
    }
    if (thrown instanceof Error) {
      return { error: jobError(String(thrown.name), String(thrown.message)), stack: String(thrown.stack) }
    }
    return { error: jobError('Thrown', String(thrown)), stack: '' }
  } catch {
    return { error: jobError('Thrown', 'something that cannot be shown'), stack: '' }
  }
}

function jobError(name: string, message: string): JobError {
  const cut = message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message
  return { name: name.slice(0, MAX_MESSAGE).toWellFormed(), message: cut.toWellFormed() }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  )
}
