/**
 * The supervisor of a detached run: on the head of a cluster it has the chunks executed that its journal does not hold
 * yet, and writes all that it is told into the journal. It is the same for the first time and for each after a crash:
 * recovery is normal work. It heeds a file named `cancel`, and ends clean when its disk says no.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { RepriseError, toErrorRecord } from '../../lib/errors.ts'
import type { ChunkSet } from '../chunk-set.ts'
import type { Assignment, Runner } from '../runner.ts'
import { takeHold } from './holder.ts'
import { Journal } from './journal.ts'
import { journalSink } from './journal-sink.ts'
import { type Past, pastOf } from './past.ts'
import { CANCEL, type Progress, writeProgress } from './status.ts'
import { chunksIn, chunksOf, readSubmission, type Submission } from './submission.ts'
import type { EndState, FarState } from './told.ts'

export interface Far {
  /** Where content lies on the head. */
  readonly capsule: string
  readonly inputs: Readonly<Record<string, string>>
  readonly runner: Runner
  /** What is known of its hosts, in words; may change at any time. */
  readonly hosts: ReadonlyMap<string, string>
  /** How many tasks of a scheduler are in which state; may change at any time. */
  readonly tasks?: ReadonlyMap<string, number>
  /** Core-time that its tasks took so far, ms; null before that is known. */
  readonly coreMs?: () => number | null
  /** The runner heeds Assignment.taken, and counts engines on by itself. */
  readonly remembers?: boolean
  close(): void | Promise<void>
}

const LOOK_MS = 500

/** Supervises the run in a folder to its end, and says which it was. Throws `busy`, `not-found`, `not-intact`, `storage`. */
export async function supervise(folder: string, start: (submission: Submission) => Far): Promise<EndState> {
  const submission = readSubmission(folder)
  const stop = new AbortController()
  let failure: Error | null = null
  const fail = (error: Error) => {
    failure ??= error
    stop.abort(error)
  }
  const hold = takeHold(folder, () => fail(overtaken(folder)))
  let tally: Tally | null = null
  try {
    const past = pastOf(folder)
    const far = start(submission)
    const counted = new Tally(folder, past, far)
    tally = counted
    const journal = new Journal(folder, hold.segment, {
      durable: (headers) => counted.count(headers),
      failed: fail,
    })
    const began = { type: 'began', segment: hold.segment, time: new Date().toISOString() }
    journal.add(began)
    const setAside = new Set<number>()
    let cancelled = false
    const lookAround = () => {
      cancelled ||= existsSync(join(folder, CANCEL)) // a wish that is withdrawn has stopped it all the same
      if (cancelled) stop.abort()
      counted.write('running', null)
    }
    lookAround() // before anything is begun
    const look = setInterval(lookAround, LOOK_MS)
    try {
      const assignment = assignmentOf(submission, past, far)
      const counted = far.remembers === true ? 0 : past.lastEngine
      await far.runner.execute(assignment, journalSink(journal, counted, setAside), stop.signal)
    } catch (error) {
      fail(error as Error)
    } finally {
      clearInterval(look)
      await far.close()
    }
    journal.flush()
    const whole = counted.done === chunksIn(submission.chunks)
    const ended = endOf(failure, whole, cancelled, setAside.size)
    journal.add({ type: 'ended', time: new Date().toISOString(), ...ended })
    journal.close()
    counted.write(ended.state, ended.reason)
    return ended.state
  } catch (error) {
    tally?.write('failed', lineOf(error as Error)) // it could not begin: on a full disk, say
    throw error
  } finally {
    hold.release()
  }
}

function assignmentOf(submission: Submission, past: Past, { capsule, inputs }: Far): Assignment {
  const { done, taken, lastEngine, taskMs } = past
  const { hash, chunks } = submission
  function* missing(): Generator<number> {
    for (const chunk of chunksOf(chunks)) if (!done.has(chunk)) yield chunk
  }
  const probed = new Set<string>()
  const wantsProbes = (environment: string) => probed.size < probed.add(environment).size
  const count = chunksIn(chunks) - done.size
  return { capsule, hash, chunks: missing(), count, inputs, wantsProbes, taken, lastEngine, taskMs }
}

function endOf(failure: Error | null, whole: boolean, cancelled: boolean, setAside: number) {
  if (failure !== null) {
    const { code } = toErrorRecord(failure, 'engine')
    const state = code === 'incomplete' ? 'incomplete' : 'failed' // it has taken what it may, and goes on when it may take more
    return { state, code, reason: lineOf(failure) } as const
  }
  if (whole) return { state: 'done' as const, code: null, reason: null }
  if (cancelled) return { state: 'cancelled' as const, code: null, reason: null }
  return { state: 'incomplete' as const, code: null, reason: `${setAside} chunks are set aside` }
}

/** Counts what is durable, and tells it in the status file now and then. */
class Tally {
  readonly #folder: string
  readonly #far: Pick<Far, 'hosts' | 'tasks' | 'coreMs'>
  readonly #done: ChunkSet
  #failedJobs: number
  #written = ''

  constructor(folder: string, past: Past, far: Pick<Far, 'hosts' | 'tasks' | 'coreMs'>) {
    this.#folder = folder
    this.#far = far
    this.#done = past.done.copy()
    this.#failedJobs = past.failedJobs
    this.write('running', null)
  }

  get done(): number {
    return this.#done.size
  }

  count(headers: readonly object[]): void {
    for (const header of headers as Iterable<{ type: string; chunk: number; failed: number }>) {
      if (header.type === 'chunk' && this.#done.add(header.chunk)) this.#failedJobs += header.failed
    }
  }

  write(state: FarState, reason: string | null): void {
    const hosts = Object.fromEntries(this.#far.hosts)
    const tasks = this.#far.tasks === undefined ? {} : { tasks: Object.fromEntries(this.#far.tasks) }
    const coreMs = this.#far.coreMs?.() ?? null
    const spent = coreMs === null ? {} : { coreMs: Math.round(coreMs) }
    const told = { state, done: this.done, failedJobs: this.#failedJobs, hosts, ...tasks, ...spent, reason }
    const text = JSON.stringify(told)
    if (text === this.#written) return
    this.#written = text
    const progress: Progress = { ...told, updated: new Date().toISOString() }
    try {
      writeProgress(this.#folder, progress)
    } catch {} // a note
  }
}

function overtaken(folder: string): RepriseError {
  return new RepriseError('busy', 'another process took it over, because this one was not heard of', {
    subject: folder,
  })
}

function lineOf(error: Error): string {
  return (error instanceof RepriseError ? error.line : error.message).toWellFormed()
}
