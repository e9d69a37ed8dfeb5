/**
 * What a journal tells: all that a sink is told, and when executing began and ended. It is read strictly where it was
 * written elsewhere: what has not the shape of its kind is refused, and a chunk's leaf hash is computed anew.
 */

import { environmentText, readEnvironment } from '../../lib/environment.ts'
import { ERROR_CODES, type ErrorCode } from '../../lib/errors.ts'
import { readOutcomes } from '../../lib/probe.ts'
import { leafHashOf } from '../digests.ts'
import type { Stack, Touch } from '../protocol.ts'
import type { ChunkDone, EngineStarted, LogLine, Probed, TaskTold } from '../runner.ts'
import { type Fields, fields, list, malformed, oneOf, text, whole } from './fields.ts'
import { damaged, type JournalRecord } from './record.ts'
import { readTask } from './told-task.ts'

/** How executing ended: all chunks there; some set aside; cancelled; or it could not go on. */
export type EndState = 'done' | 'incomplete' | 'cancelled' | 'failed'
const END_STATES: readonly EndState[] = ['done', 'incomplete', 'cancelled', 'failed']
/** What is known of a detached run where it is: `interrupted` where nobody executes it and it has not ended. */
export type FarState = EndState | 'running' | 'interrupted'
export const FAR_STATES: readonly FarState[] = [...END_STATES, 'running', 'interrupted']

export interface Ended {
  readonly state: EndState
  readonly time: string
  /** Of the failure; null where there is none. */
  readonly code: ErrorCode | null
  readonly reason: string | null
}

/** How a task came to its end: all of its chunks there or set aside; told to stop; or it could not go on. */
export type TaskEnd = 'completed' | 'stopped' | 'failed'
const TASK_ENDS: readonly TaskEnd[] = ['completed', 'stopped', 'failed']

/** What a task of a scheduler says of itself when it ends. */
export interface TaskEnded {
  /** As the scheduler names it, such as 123_4; empty where it does not. */
  readonly job: string
  readonly restarts: number
  /** As the scheduler names it, and as it names itself. */
  readonly node: string
  readonly host: string
  /** ISO 8601. */
  readonly started: string
  readonly ended: string
  readonly state: TaskEnd
  /** Why it stopped or failed, or what it left; null where there is nothing to say. */
  readonly words: string | null
  /** Of all its processes; null where it cannot be told. */
  readonly cpuMs: number | null
  readonly maxRssBytes: number | null
  /** Chunks that it executed and delivered. */
  readonly chunks: number
}

export type Told =
  | { readonly type: 'began'; readonly segment: number; readonly time: string }
  | { readonly type: 'chunk'; readonly done: ChunkDone }
  | { readonly type: 'log'; readonly line: LogLine }
  | { readonly type: 'engine'; readonly started: EngineStarted }
  | { readonly type: 'touched'; readonly touch: Touch }
  | { readonly type: 'probed'; readonly found: Probed }
  | {
      readonly type: 'lost'
      readonly engine: number
      readonly reason: string
      readonly chunks: readonly number[]
    }
  | { readonly type: 'set-aside'; readonly chunk: number; readonly reason: string }
  | { readonly type: 'task'; readonly task: TaskTold }
  /** All before it was told by what this word names: see Sink.taken. */
  | { readonly type: 'taken'; readonly word: string }
  | { readonly type: 'ended'; readonly ended: Ended }
  /** In no journal, but at the end of what a task of a scheduler puts. */
  | { readonly type: 'task-ended'; readonly task: TaskEnded }
  /** In no journal, but at the end of what is sent of it: for now there is no more. */
  | { readonly type: 'caught-up'; readonly state: FarState; readonly reason: string | null }

/** What a record tells; null for kinds that later versions may add. Throws `not-intact`. */
export function readTold({ header, payload }: Pick<JournalRecord, 'header' | 'payload'>): Told | null {
  const told = fields(header)
  switch (told.type) {
    case 'began':
      return { type: 'began', segment: whole(told.segment), time: text(told.time) }
    case 'chunk':
      return { type: 'chunk', done: chunkOf(told, payload) }
    case 'log': {
      const stream = oneOf(told.stream, ['log', 'stdout', 'stderr']) as LogLine['stream']
      const { engine, chunk, job } = told
      const place = { engine: whole(engine), chunk: whole(chunk, -1), job: whole(job, -1) }
      return { type: 'log', line: { ...place, stream, text: text(told.text) } }
    }
    case 'engine':
      return { type: 'engine', started: engineOf(told) }
    case 'touched': {
      const [kind, name, caller, place] = [told.kind, told.name, told.caller, told.place].map((one) =>
        text(one),
      )
      return { type: 'touched', touch: { kind: kind!, name: name!, caller: caller!, place: place! } }
    }
    case 'probed': {
      const environment = text(told.environment)
      return {
        type: 'probed',
        found: { engine: whole(told.engine), environment, outcomes: readOutcomes(told.outcomes) },
      }
    }
    case 'lost':
      return {
        type: 'lost',
        engine: whole(told.engine),
        reason: text(told.reason),
        chunks: list(told.chunks).map((n) => whole(n)),
      }
    case 'set-aside':
      return { type: 'set-aside', chunk: whole(told.chunk), reason: text(told.reason) }
    case 'task':
      return { type: 'task', task: readTask(told) }
    case 'taken':
      return { type: 'taken', word: text(told.word) }
    case 'ended': {
      const state = oneOf(told.state, END_STATES) as EndState
      const code = told.code === null ? null : (oneOf(told.code, ERROR_CODES) as ErrorCode)
      const reason = told.reason === null ? null : text(told.reason)
      return { type: 'ended', ended: { state, time: text(told.time), code, reason } }
    }
    case 'task-ended':
      return { type: 'task-ended', task: taskEndedOf(told) }
    case 'caught-up':
      return {
        type: 'caught-up',
        state: oneOf(told.state, FAR_STATES) as FarState,
        reason: told.reason === null ? null : text(told.reason),
      }
    default:
      text(told.type)
      return null
  }
}

function chunkOf(told: Fields, payload: Uint8Array): ChunkDone {
  const leaf = leafHashOf(payload)
  if (leaf !== told.leaf) throw damaged('has a chunk that is not the one of its leaf hash')
  const { chunk, failed, engine, ms } = told
  if (typeof ms !== 'number' || !(ms >= 0)) throw malformed()
  return {
    chunk: whole(chunk),
    bytes: payload,
    leaf,
    failed: whole(failed),
    ms,
    engine: whole(engine),
    stacks: list(told.stacks).map(stackOf),
  }
}

function stackOf(told: unknown): Stack {
  const { job, stack } = fields(told)
  return { job: whole(job), stack: text(stack) }
}

function engineOf(told: Fields): EngineStarted {
  const environment = told.environment === null ? null : readEnvironment(told.environment)
  const node = text(told.node)
  environmentText(environment, node) // throws where it could not be recorded
  return { engine: whole(told.engine), pid: whole(told.pid), host: text(told.host), node, environment }
}

function taskEndedOf(told: Fields): TaskEnded {
  const [job, node, host, started, ended] = [told.job, told.node, told.host, told.started, told.ended].map(
    (one) => text(one),
  )
  return {
    ...{ job: job!, node: node!, host: host!, started: started!, ended: ended! },
    restarts: whole(told.restarts),
    state: oneOf(told.state, TASK_ENDS) as TaskEnd,
    words: told.words === null ? null : text(told.words),
    cpuMs: told.cpuMs === null ? null : whole(told.cpuMs),
    maxRssBytes: told.maxRssBytes === null ? null : whole(told.maxRssBytes),
    chunks: whole(told.chunks),
  }
}
