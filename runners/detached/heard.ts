/**
 * What a head answers, read strictly: it may be hostile, or of a later version. What has not the shape that it must have is
 * refused, and its words are cut to what a person would read.
 */
import { ERROR_CODES, type ErrorCode, RepriseError } from '../../lib/errors.ts'
import { type EngineFacts, TASK_STATES } from '../array/engine.ts'
import { isPlaceId } from './place-id.ts'
import type { FarRun } from './status.ts'
import { isRunName } from './submission.ts'
import { FAR_STATES, type FarState } from './told.ts'

const MAX_WORDS = 4_096
const MAX_HOSTS = 4_096

const answered = new WeakSet<Error>()

/** Whether the head itself said no; else nobody knows whether it did what it was asked. */
export function isAnswer(error: unknown): boolean {
  return error instanceof Error && answered.has(error)
}

/** The answer in a line. Throws the error that it holds, or `not-intact`. */
export function answerOf(line: string): unknown {
  let told: unknown
  try {
    told = JSON.parse(line)
  } catch {
    throw odd('answers with what is no JSON')
  }
  const { answer, error } = record(told, 'answers with what is no answer')
  if (error === undefined) return answer
  const { code, message, subject, remedy } = record(error, 'answers with an error that is none')
  const known = ERROR_CODES.includes(code as ErrorCode) ? (code as ErrorCode) : 'engine'
  const no = new RepriseError(known, wordsOf(message), {
    subject: wordsOf(subject),
    remedy: wordsOf(remedy),
  })
  answered.add(no)
  throw no
}

/** What a head says of a run. Throws `not-intact`. */
export function farRunOf(told: unknown): FarRun {
  const what = 'says what is no state of a run'
  const fields = record(told, what)
  const { run, state, reason } = fields
  if (!isRunName(run) || !FAR_STATES.includes(state as FarState)) throw odd(what)
  const [done, total, failedJobs] = [fields.done, fields.total, fields.failedJobs].map((n) => {
    if (!Number.isSafeInteger(n) || (n as number) < 0) throw odd(what)
    return n as number
  }) as [number, number, number]
  const [name, submitted, updated] = [fields.name, fields.submitted, fields.updated].map((text) => {
    if (typeof text !== 'string') throw odd(what)
    return wordsOf(text)
  }) as [string, string, string]
  if (reason !== null && typeof reason !== 'string') throw odd(what)
  const hosts = Object.entries(record(fields.hosts, what)).slice(0, MAX_HOSTS)
  const tasks = fields.tasks === undefined ? {} : { tasks: countsOf(record(fields.tasks, what), what) }
  const spent = fields.coreMs === undefined ? {} : { coreMs: timeOf(fields.coreMs, what) }
  return {
    run,
    name,
    state: state as FarState,
    submitted,
    updated,
    done,
    total,
    failedJobs,
    hosts: Object.fromEntries(hosts.map(([host, words]) => [wordsOf(host), wordsOf(words)])),
    ...tasks,
    ...spent,
    ...(fields.maxCoreHours === undefined ? {} : { maxCoreHours: timeOf(fields.maxCoreHours, what) }),
    ...(fields.elsewhere === undefined ? {} : { elsewhere: placesOf(fields.elsewhere, what) }),
    ...(fields.released === true ? { released: true as const } : {}),
    reason: reason === null ? null : wordsOf(reason),
  }
}

/** What a head says of its scheduler. Throws `not-intact`. */
export function engineFactsOf(told: unknown): EngineFacts {
  const what = 'says what is no description of a scheduler'
  const { cluster, version, maxArray, maxTasks, accounting } = record(told, what)
  const isCount = (n: unknown): n is number => Number.isSafeInteger(n) && (n as number) >= 0
  if (typeof version !== 'string' || !isCount(maxArray) || (maxTasks !== null && !isCount(maxTasks)))
    throw odd(what)
  return {
    cluster: typeof cluster === 'string' ? wordsOf(cluster) : null,
    version: wordsOf(version),
    maxArray,
    maxTasks,
    accounting: accounting === true,
  }
}

/** ms, or hours, of as many as stay exact. */
function timeOf(told: unknown, what: string): number {
  if (typeof told === 'number' && told >= 0 && told <= Number.MAX_SAFE_INTEGER) return told
  throw odd(what)
}

function placesOf(told: unknown, what: string): readonly string[] {
  if (Array.isArray(told) && told.length <= MAX_HOSTS && told.every(isPlaceId)) return told
  throw odd(what)
}

/** Of states that are known; later versions may have more. */
function countsOf(told: Readonly<Record<string, unknown>>, what: string): Readonly<Record<string, number>> {
  const counts = TASK_STATES.flatMap((state): [string, number][] => {
    const count = told[state]
    if (count === undefined) return []
    if (!Number.isSafeInteger(count) || (count as number) < 0) throw odd(what)
    return [[state, count as number]]
  })
  return Object.fromEntries(counts)
}

/** In one line. */
function wordsOf(value: unknown): string {
  const text = typeof value === 'string' ? value : ''
  return text
    .slice(0, MAX_WORDS)
    .toWellFormed()
    .replace(/\p{Cc}+/gu, ' ')
}

function record(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>
  throw odd(what)
}

function odd(what: string): RepriseError {
  return new RepriseError('not-intact', what, {
    subject: 'the head',
    remedy: 'It may be of another version of Reprise; see reprise cluster check',
  })
}
