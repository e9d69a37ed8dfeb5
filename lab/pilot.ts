/**
 * A pilot: a few chunks, spread over the design, are executed here by one engine, to see what a whole run would take. It
 * writes to no lab, and nothing of it is a result. How long it may take is bounded: what was not done in that time still
 * says what it takes at least.
 */
import { chunkJobs } from '../lib/chunk.ts'
import type { ExperimentDocument } from '../lib/document.ts'
import { RepriseError } from '../lib/errors.ts'
import { locate } from '../provenance/locate.ts'
import { pool } from '../runners/pool.ts'
import { type MadeCapsule, makeCapsule } from './make-capsule.ts'
import { courseOver, type Found } from './pilot-course.ts'
import { pilotOrder } from './pilot-order.ts'
import type { Scratch } from './scratch.ts'

export interface PilotOptions {
  /** How many chunks at least; more where they are short. */
  readonly chunks: number
  /** How long it may take from when the engine is started, ms. */
  readonly limitMs: number
}

/** What is usual. */
export const PILOT: PilotOptions = { chunks: 3, limitMs: 30_000 }

export interface Pilot extends Omit<Found, 'refusal'> {
  readonly document: ExperimentDocument
  /** Experiment hash, hex. */
  readonly hash: string
  readonly capsuleBytes: number
  /** Of all input files together, each content once. */
  readonly inputBytes: number
  /** Jobs of each chunk that was executed: all have as many. */
  readonly jobsEach: number
  readonly limitMs: number
}

/** Makes the capsule of the file `path` (absolute) and a pilot of it. Throws what `run` throws before there is a run, and as `pilotOf`. */
export async function pilot(path: string, options: PilotOptions, scratch: Scratch): Promise<Pilot> {
  const made = await scratch.withEngines({}, (launcher) => makeCapsule(path, launcher))
  return pilotOf(made, options, scratch)
}

/**
 * A pilot of what has been made already. Throws `invalid-result` where `run` would refuse the experiment, `refused` where
 * every job failed, `incomplete` where no chunk could be executed, `engine` where there are no engines.
 */
export async function pilotOf(
  { capsule, description, inputs }: Pick<MadeCapsule, 'capsule' | 'description' | 'inputs'>,
  { chunks, limitMs }: PilotOptions,
  scratch: Scratch,
): Promise<Pilot> {
  const { document, hash } = description
  const inMyWords = (text: string) => locate(text, capsule.digest, capsule.map)
  const path = scratch.put('capsule', `${capsule.digest}.mjs`, capsule.bytes)
  const order = pilotOrder(document, chunks)
  const assignment = { capsule: path, hash, count: order.length, inputs: scratch.putInputs(inputs) }
  const course = courseOver(document, order, Math.min(chunks, order.length))
  const timer = setTimeout(course.stop, limitMs)
  try {
    await scratch.withEngines({}, (launcher) => {
      const one = pool(launcher, { engines: 1, batch: 1 })
      return one.execute({ ...assignment, chunks: course.chunks }, course.sink, course.signal)
    })
  } catch (error) {
    if (!(error instanceof RepriseError)) throw error
    const { code, subject, remedy } = error
    throw new RepriseError(code, inMyWords(error.message), { subject, remedy, cause: error })
  } finally {
    clearTimeout(timer)
    course.close()
  }
  const { refusal, ...found } = course.found
  if (refusal !== null) throw refusal
  const sizes = new Map(Object.values(inputs).map(({ digest, bytes }) => [digest, bytes.length]))
  return useful({
    document,
    hash,
    capsuleBytes: capsule.bytes.length,
    inputBytes: [...sizes.values()].reduce((sum, size) => sum + size, 0),
    jobsEach: chunkJobs(document, 0),
    limitMs,
    ...found,
    setAside: found.setAside.map(({ chunk, reason }) => ({ chunk, reason: inMyWords(reason) })),
  })
}

/** How long a chunk takes, as far as a pilot saw. */
export interface ChunkTimes {
  /** Of each chunk that counts, ms. */
  readonly ms: readonly number[]
  readonly chunks: readonly number[]
  /** The last of them was not done, and nothing says how much longer it takes. */
  readonly atLeast: boolean
}

/** Chunks that are done; and what was not, by what was done of it, or where it took longer already than the mean. */
export function chunkTimes({ done, unfinished }: Pick<Pilot, 'done' | 'unfinished'>): ChunkTimes {
  const ms = done.map((chunk) => chunk.ms)
  const chunks = done.map(({ chunk }) => chunk)
  if (unfinished === null) return { ms, chunks, atLeast: false }
  const atLeast = unfinished.estimateMs === null
  if (atLeast && unfinished.ms <= mean(ms)) return { ms, chunks, atLeast: false }
  const last = unfinished.estimateMs ?? unfinished.ms
  return { ms: [...ms, last], chunks: [...chunks, unfinished.chunk], atLeast }
}

/** How long a chunk takes on one engine, ms, for whoever divides work into tasks; null where that is not known. */
export function chunkMsOf(pilot: Pick<Pilot, 'done' | 'unfinished'>): number | null {
  const { ms } = chunkTimes(pilot)
  return ms.length === 0 ? null : mean(ms)
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, one) => sum + one, 0) / values.length
}

/** Of an experiment none of whose jobs gives a result, nobody wants to know what the whole of it costs. */
function useful(pilot: Pilot): Pilot {
  const { document, done, setAside, error, jobsEach } = pilot
  if (done.length === 0 && setAside.length > 0) {
    const [{ chunk, reason }] = setAside as [(typeof setAside)[number]]
    throw new RepriseError(
      'incomplete',
      `no chunk of the pilot could be executed; chunk ${chunk}: ${reason}`,
      {
        subject: document.name,
        remedy: 'See what reprise check FILE says',
      },
    )
  }
  if (done.length === 0 || !done.every(({ failed }) => failed === jobsEach)) return pilot
  const jobs = done.length * jobsEach
  const words = error === null ? '' : `, the first with ${error.name}: ${error.message}`
  throw new RepriseError('refused', `every job of the pilot failed${words}`, {
    subject: `${document.name}, ${jobs} ${jobs === 1 ? 'job' : 'jobs'} of ${done.length} chunks`,
    remedy: 'Mend the experiment; a run would record these failures as its results',
  })
}
