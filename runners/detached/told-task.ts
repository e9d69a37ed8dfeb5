/**
 * A scheduler's task that is over, as a record of a journal. It is no result: so whoever writes one leaves out what no reader
 * would take, rather than have a journal that nobody can collect for the sake of a figure beside it.
 */
import { TASK_STATES, type TaskState } from '../array/engine.ts'
import type { TaskTold } from '../runner.ts'
import { type Fields, list, oneOf, orNull, text, time, whole } from './fields.ts'

/** Engines of one task; one that lost more of them is told with the first. */
const MAX_ENGINES = 2 ** 16
const MAX_NAME = 256
const MAX_WORDS = 1_000
const MAX_IMAGE = 512

const name = (value: unknown) => text(value, MAX_NAME)
const measure = (value: unknown) => whole(value)

/** Throws `not-intact`. */
export function readTask(told: Fields): TaskTold {
  return {
    scheduler: name(told.scheduler),
    cluster: orNull(told.cluster, name),
    job: name(told.job),
    restarts: whole(told.restarts),
    node: orNull(told.node, name),
    state: oneOf(told.state, TASK_STATES) as TaskState,
    words: orNull(told.words, (words) => text(words, MAX_WORDS)),
    started: orNull(told.started, time),
    ended: orNull(told.ended, time),
    cpuMs: orNull(told.cpuMs, measure),
    maxRssBytes: orNull(told.maxRssBytes, measure),
    measured: orNull(told.measured, (who) => oneOf(who, ['scheduler', 'task'])) as TaskTold['measured'],
    chunks: whole(told.chunks),
    ...(told.image === undefined ? {} : { image: text(told.image, MAX_IMAGE) }),
    engines: list(told.engines, MAX_ENGINES).map((engine) => whole(engine)),
  }
}

/** The record's header; its engines are counted on from `lastEngine`. */
export function taskHeader(told: TaskTold, lastEngine: number): object {
  const { started, ended, cpuMs, maxRssBytes, engines } = told
  return {
    type: 'task',
    ...told,
    started: sound(started, time),
    ended: sound(ended, time),
    cpuMs: sound(cpuMs, rounded),
    maxRssBytes: sound(maxRssBytes, rounded),
    engines: engines.slice(0, MAX_ENGINES).map((engine) => engine + lastEngine),
  }
}

function rounded(value: unknown): number {
  return whole(Math.round(Number(value)))
}

function sound<T>(value: unknown, read: (value: unknown) => T): T | null {
  try {
    return orNull(value, read)
  } catch {
    return null
  }
}
