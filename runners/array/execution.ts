/** One execution of an array runner, turn after turn: gather what came, conclude what is over, submit what is missing. */
import { RepriseError } from '../../lib/errors.ts'
import type { Assignment, Sink } from '../runner.ts'
import { type KnownArray, readArrays } from './arrays.ts'
import { cancelArrays, concludeTasks, gatherLast, goesOn, othersGoOn } from './closing.ts'
import type { EngineFacts } from './engine.ts'
import { Gatherer } from './gather.ts'
import { endedOf, Judge } from './judge.ts'
import { Missing } from './missing.ts'
import { EngineNumbers } from './numbers.ts'
import { activeTasks, Pace } from './pace.ts'
import { type ArrayPatience, arrayPatience, pauseAfter } from './patience.ts'
import { readOrEnd } from './read-or-end.ts'
import { Remembered } from './remembered.ts'
import type { ArrayRunnerOptions } from './runner.ts'
import { demandWithin, spentMs } from './spent.ts'
import { pause, Stopped, unlessStopped } from './stopping.ts'
import { isOpen, Submitter } from './submit.ts'
import { countsOf, waitingIn } from './task-counts.ts'
import { TaskTeller } from './tell-tasks.ts'
import { States } from './tend.ts'

/** Looks at what is going on, between two at everything that ever was. */
const LATE_LOOKS = 20
/** What is spent is told this often, though nothing else changed, ms. */
const TELL_MS = 5_000

export class Execution {
  readonly #options: ArrayRunnerOptions
  readonly #assignment: Assignment
  readonly #sink: Sink
  readonly #signal: AbortSignal
  readonly #patience: ArrayPatience
  readonly #states: States
  #facts: EngineFacts | null = null
  #probeAfter = 0
  #arrays: KnownArray[] = []
  #counted = ''
  #toldAt = 0
  #turns = 0
  #closed = false
  /** Since when the store cannot be read, ms. */
  #unreadable: number | null = null

  constructor(options: ArrayRunnerOptions, assignment: Assignment, sink: Sink, signal: AbortSignal) {
    this.#options = options
    this.#assignment = assignment
    this.#sink = sink
    this.#signal = signal
    this.#patience = arrayPatience(options.lookMs)
    this.#states = new States(options.engine, this.#patience)
  }

  async run(): Promise<void> {
    const { engine, store, engines, timeoutMs, silenceMs = null } = this.#options
    const [sink, patience, assignment] = [this.#sink, this.#patience, this.#assignment]
    const remembered = new Remembered(assignment.taken ?? [])
    const isOver = (array: number, index: number) => remembered.isOver(array, index)
    const note = (words: string) => this.#note(words)
    const reading = readArrays(store, assignment.hash, isOver)
    const read = await readOrEnd(reading, { engine, patience, signal: this.#signal, note })
    if (read === null) return
    const { arrays, has } = read
    this.#arrays = arrays
    const numbers = new EngineNumbers(assignment.lastEngine ?? 0)
    const missing = new Missing(assignment.chunks, has)
    const { wantsProbes } = assignment
    const gatherer = new Gatherer({ store, sink, missing, numbers, patience, wantsProbes })
    remembered.giveBack(arrays, gatherer, numbers)
    const submitter = new Submitter({
      ...{ engine, store, missing, assignment, patience, arrays, engines, timeoutMs, silenceMs, note },
      signal: this.#signal,
    })
    const judge = new Judge({ engine, sink, missing, numbers, gatherer, patience })
    const teller = new TaskTeller({ engine, sink, numbers, patience })
    const pace = new Pace(this.#options)
    const parts = { missing, gatherer, submitter, judge, teller, pace }
    let failure: unknown = null
    try {
      while (missing.left > 0) await this.#turn(parts)
      await this.#end(parts)
    } catch (error) {
      failure = error
    }
    const left = await this.#close(parts, failure)
    this.#closed = true
    if (failure !== null && !(failure instanceof Stopped)) throw failure
    if (left !== null && missing.left > 0) throw goesOn(engine.kind, left)
  }

  async #turn(parts: Parts): Promise<void> {
    const { missing, gatherer, submitter, judge, teller } = parts
    const signal = this.#signal
    if (signal.aborted) throw new Stopped()
    this.#states.note(this.#arrays)
    const began = performance.now()
    await this.#look(gatherer)
    const took = performance.now() - began
    if (missing.left === 0) return
    this.#states.demandHope()
    await unlessStopped(signal, judge.judge(this.#arrays, began, signal))
    teller.tell(this.#arrays.filter(isOpen), this.#facts)
    demandWithin(this.#spentMs(), this.#options.maxCoreHours ?? null)
    await this.#probe()
    await unlessStopped(signal, submitter.reconcile())
    const more = await this.#submit(parts)
    this.#states.ask(this.#arrays.filter(isOpen))
    this.#count()
    if (!more && missing.left > 0) await pause(signal, pauseAfter(took, this.#patience.lookMs))
  }

  /** Of what is open, and now and then of all that ever was: what comes late is compared too. */
  async #look(gatherer: Gatherer, all = this.#turns++ % LATE_LOOKS === 0): Promise<void> {
    const arrays = all ? this.#arrays : this.#arrays.filter(isOpen)
    try {
      await unlessStopped(this.#signal, gatherer.look(arrays, this.#signal))
      this.#unreadable = null
    } catch (error) {
      if (!(error instanceof RepriseError) || error.code !== 'storage') throw error
      this.#unreadable ??= performance.now()
      if (performance.now() - this.#unreadable > this.#patience.longLagMs) throw error
    }
  }

  /** Asks the engine what it is; where it cannot be asked, what is out there already is gathered all the same. Throws `engine`. */
  async #probe(): Promise<void> {
    if (this.#facts !== null || performance.now() < this.#probeAfter) return
    try {
      this.#facts = await unlessStopped(this.#signal, this.#options.engine.probe())
    } catch (error) {
      if (error instanceof Stopped || !this.#arrays.some(isOpen)) throw error
      this.#note((error as Error).message)
      this.#probeAfter = performance.now() + this.#patience.longBusyMs
    }
  }

  /** Submits one array of what waits, if there is room; true where there may be room for more. */
  async #submit({ missing, gatherer, submitter, pace }: Parts): Promise<boolean> {
    const [facts, arrays] = [this.#facts, this.#arrays]
    if (facts === null || !missing.waits || submitter.doubts) return false
    const scout = activeTasks(arrays) === 0
    const sizing = pace.sizing(gatherer, arrays)
    if (sizing.chunkMs === null && !scout && !missing.waitsAlone) return false
    const { most } = submitter
    const room = pace.room(sizing, gatherer, { arrays, facts, most }, missing.tasks(sizing))
    const tasks = room < 1 ? [] : missing.take(sizing, room, scout)
    if (tasks.length === 0) return false
    await unlessStopped(this.#signal, submitter.submit(tasks))
    return missing.waits && sizing.chunkMs !== null
  }

  /** All chunks are there: tasks that end by themselves are waited for, a while, so that what they took can be told. */
  async #end({ gatherer, judge, teller }: Parts): Promise<void> {
    const until = performance.now() + this.#patience.graceMs
    while (this.#arrays.some(isOpen) && performance.now() < until) {
      this.#states.note(this.#arrays)
      this.#believeTasks()
      const began = performance.now()
      await this.#look(gatherer)
      await unlessStopped(this.#signal, judge.judge(this.#arrays, began, this.#signal))
      teller.tell(this.#arrays.filter(isOpen), this.#facts)
      this.#count()
      if (this.#arrays.some(hasIdlers)) break
      this.#states.ask(this.#arrays.filter(isOpen))
      await pause(this.#signal, this.#patience.lookMs)
    }
    await this.#look(gatherer, true)
  }

  /** Where nobody measures, what tasks said of their end is all that there is to come. */
  #believeTasks(): void {
    if (this.#facts?.accounting === true) return
    for (const { tasks } of this.#arrays)
      for (const task of tasks)
        if (!task.judged && endedOf(task) !== null) task.over ??= { since: performance.now(), state: 'ended' }
  }

  /** Arrays are ended, unless it stops because others go on with them, or because a disk said no. */
  async #close({ missing, gatherer, submitter, teller }: Parts, failure: unknown): Promise<string | null> {
    const reason = failure instanceof Stopped ? this.#signal.reason : failure
    if (othersGoOn(reason)) return null
    const left = await cancelArrays(this.#options.engine, submitter, this.#arrays, this.#patience)
    if (left !== null) this.#note(`not all tasks could be ended: ${left}`)
    await gatherLast(gatherer, this.#arrays, () => missing.left === 0)
    concludeTasks(this.#arrays, missing.left === 0)
    teller.tell(this.#arrays, this.#facts, true)
    this.#count()
    return left
  }

  /** Core-time so far, ms. */
  #spentMs(): number {
    const { cores = 1 } = this.#options
    return spentMs(this.#arrays, { cores, beforeMs: this.#assignment.taskMs ?? 0 })
  }

  /** Tells how many tasks are in which state, and what they took. */
  #count(): void {
    const { tell } = this.#options
    if (tell === undefined) return
    const [counts, waiting] = [countsOf(this.#arrays), waitingIn(this.#arrays)]
    const text = JSON.stringify([counts, waiting])
    if (text !== this.#counted || performance.now() - this.#toldAt > TELL_MS) {
      tell({ counts, waiting, coreMs: this.#spentMs() })
      this.#toldAt = performance.now()
    }
    this.#counted = text
  }

  #note(words: string): void {
    if (this.#closed) return
    this.#sink.log({ engine: 0, chunk: -1, job: -1, stream: 'log', text: `${words}\n` })
  }
}

interface Parts {
  readonly missing: Missing
  readonly gatherer: Gatherer
  readonly submitter: Submitter
  readonly judge: Judge
  readonly teller: TaskTeller
  readonly pace: Pace
}

/** Tasks that have something to do still, though it was done elsewhere. */
function hasIdlers({ tasks }: KnownArray): boolean {
  return tasks.some(
    (task) => !task.judged && endedOf(task) === null && task.delivered + task.gaveUp < task.size,
  )
}
