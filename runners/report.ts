/**
 * What an engine says, read strictly. It comes from another process, perhaps of another host: what is no report is none,
 * and nothing of it gets to where it would be believed. Words of a later version are let through and mean nothing here.
 */
import { ERROR_CODES, type ErrorRecord } from '../lib/errors.ts'
import type { LogStream, Report, Stack, Touch } from './protocol.ts'

const MOST_STACKS = 10
const MOST_STACK = 4_000
const MOST_NAME = 300
const MOST_WORDS = 10_000
const STREAMS: readonly unknown[] = ['log', 'stdout', 'stderr'] satisfies LogStream[]

/** The report with the keys known here; null where it is none. */
export function readReport(told: object): Report | null {
  const { type, ...said } = told as Record<string, unknown>
  switch (type) {
    case 'chunk':
      return readChunk(said)
    case 'beat':
      return isAt(said) && isCount(said.sent)
        ? { type, chunk: said.chunk, job: said.job, sent: said.sent }
        : null
    case 'log': {
      const { stream, text } = said
      if (!isAt(said) || typeof text !== 'string' || !STREAMS.includes(stream)) return null
      return { type, chunk: said.chunk, job: said.job, stream: stream as LogStream, text }
    }
    case 'touched': {
      const touch = readTouch(said)
      return isAt(said) && touch !== null ? { type, chunk: said.chunk, job: said.job, ...touch } : null
    }
    case 'ready': {
      const { pid, node, host, probes = 0 } = said
      if (!isCount(pid) || !isCount(probes) || !isName(node) || !isName(host)) return null
      return { ...(told as Extract<Report, { type: 'ready' }>), probes }
    }
    case 'fatal': {
      const error = readError(said.error)
      return error === null ? null : { type, error }
    }
    case 'probed':
      return Array.isArray(said.outcomes) ? (told as Report) : null
    default:
      return typeof type === 'string' ? (told as Report) : null
  }
}

function readChunk({ chunk, failed, ms, stacks }: Record<string, unknown>): Report | null {
  if (!isCount(chunk) || !isCount(failed) || typeof ms !== 'number' || !(ms >= 0)) return null
  if (!Array.isArray(stacks)) return null
  if (stacks.length === 0) return { type: 'chunk', chunk, failed, ms, stacks: [] }
  const read = stacks.slice(0, MOST_STACKS).map(readStack)
  if (!read.every((stack) => stack !== null)) return null
  return { type: 'chunk', chunk, failed, ms, stacks: read }
}

function readStack(told: unknown): Stack | null {
  const { job, stack } = (told ?? {}) as Record<string, unknown>
  return isCount(job) && typeof stack === 'string' ? { job, stack: stack.slice(0, MOST_STACK) } : null
}

function readTouch({ kind, name, caller, place }: Record<string, unknown>): Touch | null {
  if (!isName(kind) || kind === '' || ![name, caller, place].every((text) => typeof text === 'string'))
    return null
  const [shortName, shortCaller, shortPlace] = [name, caller, place].map((text) => brief(text, 1_000))
  return { kind, name: shortName!, caller: shortCaller!, place: shortPlace! }
}

function readError(told: unknown): ErrorRecord | null {
  if (typeof told !== 'object' || told === null) return null
  const { code, message, subject = '', remedy = '' } = told as Record<string, unknown>
  if (![message, subject, remedy].every((text) => typeof text === 'string')) return null
  return {
    code: ERROR_CODES.find((known) => known === code) ?? 'engine',
    message: brief(message, MOST_WORDS),
    subject: brief(subject, MOST_NAME),
    remedy: brief(remedy, MOST_WORDS),
  }
}

function brief(text: unknown, most: number): string {
  return String(text).slice(0, most).toWellFormed()
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MOST_NAME && value.isWellFormed()
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isAt(told: Record<string, unknown>): told is { chunk: number; job: number } & typeof told {
  return [told.chunk, told.job].every((at) => Number.isSafeInteger(at) && (at as number) >= -1)
}
