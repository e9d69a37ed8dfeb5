/**
 * What is handed over to the head of a cluster: which chunks of which capsule are to be executed, by how many engines
 * and where, and the plan of the run, which nobody there looks into. It is written once and never changed.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RepriseError } from '../../lib/errors.ts'
import type { BatchWishes } from '../aws-batch/profile.ts'
import type { KubernetesWishes } from '../kubernetes/profile.ts'
import type { SlurmWishes } from '../slurm/profile.ts'
import { readSchedulerManner } from './scheduler-manner.ts'
import { writeWhole } from './written.ts'

/** Chunks from the first to the last; where the first is above the last, backwards, as reruns take them. */
export type ChunkRange = readonly [first: number, last: number]

/** A host as the head sees it, by its own ssh. */
export interface WorkerHost {
  readonly host: string
  readonly user: string | null
  readonly port: number | null
  readonly engines: number | null
  readonly directory: string | null
  readonly node: string | null
}

/** By how many engines it is executed, and where: the one thing that may be said anew of a run that is there. */
export interface Manner {
  /** Engines at once in all; null for as many as the hosts have. */
  readonly engines: number | null
  readonly timeoutMs: number | null
  /** Engines on the head itself: null for one per core, 0 for none. */
  readonly headEngines: number | null
  readonly workers: readonly WorkerHost[]
  readonly env: Readonly<Record<string, string>>
  /** By tasks of the head's scheduler; not there: by engines that the head starts itself. */
  readonly scheduler?: SchedulerManner
}

export type SchedulerManner = SlurmManner | KubernetesManner | BatchManner

interface TaskTimes {
  /** How long a task is to take, ms. */
  readonly taskMs: number
  /** How long a chunk takes on one engine, ms, as far as a pilot said; null: the first tasks are the pilot. */
  readonly chunkMs: number | null
  /** Core-hours that the run's tasks may take in all; not there: any. */
  readonly maxCoreHours?: number
}

export interface SlurmManner extends TaskTimes {
  readonly kind: 'slurm'
  readonly wishes: SlurmWishes
  /** Path of Node on the nodes; the head's own when null. */
  readonly node: string | null
}

export interface KubernetesManner extends TaskTimes {
  readonly kind: 'kubernetes'
  readonly wishes: KubernetesWishes
}

export interface BatchManner extends TaskTimes {
  readonly kind: 'aws-batch'
  readonly wishes: BatchWishes
}

export interface Submission extends Manner {
  readonly format: 'reprise/submission/1'
  readonly run: string
  /** Name of the experiment. */
  readonly name: string
  readonly submitted: string
  /** The run's plan, as its lab has it. */
  readonly plan: unknown
  /** Experiment hash, hex. */
  readonly hash: string
  /** SHA-256, hex. */
  readonly capsule: string
  readonly inputs: readonly string[]
  readonly chunks: readonly ChunkRange[]
}

const FILE = 'submission.json'
const MANNER = 'manner.json'
const MOST_CHUNKS = 2 ** 24

export function submissionPath(folder: string): string {
  return join(folder, FILE)
}

/** Ranges of chunks in the order in which they are given. */
export function rangesOf(chunks: Iterable<number>): ChunkRange[] {
  const ranges: [number, number][] = []
  for (const chunk of chunks) {
    const last = ranges.at(-1)
    const step = last === undefined ? 0 : chunk - last[1]
    const direction = last === undefined ? 0 : Math.sign(last[1] - last[0])
    if (last !== undefined && Math.abs(step) === 1 && (direction === 0 || direction === step)) last[1] = chunk
    else ranges.push([chunk, chunk])
  }
  return ranges
}

export function* chunksOf(ranges: readonly ChunkRange[]): Generator<number> {
  for (const [first, last] of ranges) {
    const step = first <= last ? 1 : -1
    for (let chunk = first; chunk !== last + step; chunk += step) yield chunk
  }
}

export function chunksIn(ranges: readonly ChunkRange[]): number {
  return ranges.reduce((sum, [first, last]) => sum + Math.abs(last - first) + 1, 0)
}

/** From now on the run is to be executed so. Throws `not-intact`. */
export function replaceManner(folder: string, text: string): void {
  writeWhole(join(folder, MANNER), JSON.stringify(parseManner(text)))
}

/** The submission in a run's folder, with the manner that was said last. Throws `not-found` or `not-intact`. */
export function readSubmission(folder: string): Submission {
  let text: string
  try {
    text = readFileSync(submissionPath(folder), 'utf8')
  } catch (cause) {
    throw new RepriseError('not-found', 'there is no such run', { subject: folder, cause })
  }
  try {
    const path = join(folder, MANNER)
    const first = parseSubmission(text)
    if (!existsSync(path)) return first
    const { scheduler: _, ...plain } = first // the manner that was said last says all of it
    return { ...plain, ...parseManner(readFileSync(path, 'utf8')) }
  } catch (error) {
    throw error instanceof RepriseError ? error : bad((error as Error).message)
  }
}

/** A submission from elsewhere. Throws `not-intact`; the plan in it is looked at by nobody here. */
export function parseSubmission(text: string): Submission {
  const told = parsed(text) as Submission
  if (typeof told !== 'object' || told === null || told.format !== 'reprise/submission/1')
    throw bad('it is none of this version')
  const { run, name, submitted, hash, capsule, inputs, chunks } = told
  if (!isRunName(run)) throw bad('run')
  if (typeof name !== 'string' || typeof submitted !== 'string') throw bad('name')
  if (![hash, capsule].every(isDigest) || !Array.isArray(inputs) || !inputs.every(isDigest))
    throw bad('digests')
  if (!Array.isArray(chunks) || !chunks.every(isRange) || chunksIn(chunks) > MOST_CHUNKS) throw bad('chunks')
  return { ...told, ...mannerOf(told) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw bad('it is no JSON')
  }
}

function parseManner(text: string): Manner {
  const told = parsed(text) as Manner
  if (typeof told !== 'object' || told === null) throw bad('manner')
  return mannerOf(told)
}

function mannerOf({ engines, timeoutMs, headEngines, workers, env, scheduler: asked }: Manner): Manner {
  const counts = [engines, headEngines, timeoutMs]
  if (!counts.every((n) => n === null || (typeof n === 'number' && n >= 0))) throw bad('engines')
  if (!Array.isArray(workers) || !workers.every(isWorker)) throw bad('workers')
  if (typeof env !== 'object' || env === null || !Object.values(env).every(isString)) throw bad('env')
  const scheduler = asked === undefined ? undefined : readSchedulerManner(asked)
  if (scheduler === null) throw bad('scheduler')
  return { engines, timeoutMs, headEngines, workers, env, ...(scheduler === undefined ? {} : { scheduler }) }
}

/** The form of a run's id, which is the name of its folder too. */
export function isRunName(text: unknown): text is string {
  return typeof text === 'string' && /^\d{8}T\d{9}-[0-9a-f]{6}$/.test(text)
}

function isDigest(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
}

function isRange(value: unknown): value is ChunkRange {
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    value.every((n) => Number.isSafeInteger(n) && n >= 0 && n < MOST_CHUNKS)
  )
}

function isWorker(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { host, user, port, engines, directory, node } = value as Record<string, unknown>
  const texts = [user, directory, node].every((one) => one === null || typeof one === 'string')
  const numbers = [port, engines].every((one) => one === null || Number.isSafeInteger(one))
  return typeof host === 'string' && texts && numbers
}

function isString(value: unknown): value is string {
  return typeof value === 'string'
}

function bad(what: string): RepriseError {
  return new RepriseError('not-intact', `cannot be read: ${what}`, {
    subject: FILE,
    remedy: 'Submit the run again from the lab that planned it',
  })
}
