/**
 * Between engines and disk: chunks are gathered for a moment and made durable together, and only then counted.
 * Also writes the run's log. One commit for many small chunks is what makes 10^5 jobs a second durable.
 */
import { appendFileSync, closeSync, fstatSync, openSync, writeSync } from 'node:fs'
import type { Touch } from '../runners/protocol.ts'
import type { ChunkDone, EngineStarted, LogLine, Probed, Sink, TaskTold } from '../runners/runner.ts'
import type { Makers } from './environments.ts'
import type { RunFolder } from './lab.ts'
import { probedBody } from './probes.ts'
import { addReplicas } from './replicas.ts'
import type { EventKind, ResultsStore } from './results.ts'
import { addTasks } from './tasks.ts'

/** What an observer is told, after it is durable. */
export interface Observer {
  /** The run's lock is held and its start is recorded: from here on others see that it runs. */
  begun?(): void
  /** Those that were not there before. */
  chunks?(done: readonly ChunkDone[]): void
  /** All chunks are there; so many are executed a second time now. */
  replicating?(count: number): void
  replicas?(done: readonly ChunkDone[]): void
  engine?(started: EngineStarted): void
  /** User code touched what may not be the same elsewhere; told once for each place. */
  touched?(touch: Touch): void
  /** What the probes gave on the first engine of an environment. */
  probed?(found: Probed): void
  lost?(engine: number, reason: string, chunks: readonly number[]): void
  /** A fresh engine takes its place; nothing was lost. */
  replaced?(engine: number): void
  setAside?(chunk: number, reason: string): void
  /** Of a scheduler, and over. */
  task?(told: TaskTold): void
  /** The user's own words, from `log(…)` or printed. */
  log?(line: LogLine): void
}

/** What is collected: chunks, or replicas of them; and by whom they were made. */
export interface Collected {
  readonly kind: 'chunks' | 'replicas'
  readonly makers: Makers
  /** The first session in which engines and tasks had the numbers and names that they have now; this one when not given. */
  readonly since?: number
  /** Where it was executed elsewhere: keeps, in the same transaction, up to where it was told. Events wait for it then. */
  readonly keepPlace?: () => void
}

/** Chunks wait at most this long, ms, or until they are this many bytes. */
const GATHER_MS = 25
const GATHER_BYTES = 4 * 2 ** 20
/** Different findings that are kept of each kind, and of all kinds together: enough to mend what was touched. */
const MAX_TOUCHES = 100
const MAX_ALL_TOUCHES = 1_000
/** An event that waits counts as so many. */
const EVENT_BYTES = 2 ** 10
const MAX_LOG = 64 * 2 ** 20

export class Collector implements Sink {
  readonly setAsideChunks: { chunk: number; reason: string }[] = []
  readonly #store: ResultsStore
  readonly #observer: Observer
  readonly #onError: (error: Error) => void
  readonly #collected: Collected
  readonly #log: LogFile
  readonly #touched = new Set<string>()
  /** How many of each kind. */
  readonly #touches = new Map<string, number>()
  #gathered: ChunkDone[] = []
  /** Events that wait for the chunks that came before them; then whoever observes is told. */
  #events: { add(): void; tell(): void }[] = []
  #tasks: TaskTold[] = []
  #bytes = 0
  #timer: NodeJS.Timeout | null = null
  #broken = false

  /** `onError` is told once when chunks cannot be made durable; nothing is stored after that. */
  constructor(
    store: ResultsStore,
    run: RunFolder,
    observer: Observer,
    onError: (error: Error) => void,
    collected: Collected,
  ) {
    this.#store = store
    this.#observer = observer
    this.#onError = onError
    this.#collected = collected
    this.#log = new LogFile(run.log)
  }

  chunk(done: ChunkDone): void {
    this.#gathered.push(done)
    this.#bytes += done.bytes.length
    this.#gather()
  }

  /** Makes everything gathered durable, then tells the observer. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    const [gathered, events, tasks] = [this.#gathered, this.#events, this.#tasks]
    const { kind, makers, since = makers.session, keepPlace } = this.#collected
    const count = gathered.length + events.length + tasks.length
    if (this.#broken || (count === 0 && keepPlace === undefined)) return
    this.#gathered = []
    this.#events = []
    this.#tasks = []
    this.#bytes = 0
    let fresh: readonly ChunkDone[] = gathered
    const keep = () => {
      if (gathered.length > 0 && kind === 'chunks') fresh = this.#store.add(gathered, makers)
      else if (gathered.length > 0) addReplicas(this.#store, gathered, makers)
      for (const { add } of events) add()
      if (tasks.length > 0) addTasks(this.#store, tasks, since)
      keepPlace?.()
    }
    if (!this.#attempt(() => this.#store.database.transaction(keep))) return
    if (fresh.length > 0) this.#observer[kind]?.(fresh)
    for (const { tell } of events) tell()
    for (const told of tasks) this.#observer.task?.(told)
  }

  #gather(): void {
    if (this.#bytes >= GATHER_BYTES) this.flush()
    else this.#timer ??= setTimeout(() => this.flush(), GATHER_MS)
  }

  /** Records an event, at once or with what is gathered, and then tells. */
  #event(kind: EventKind, body: Readonly<Record<string, unknown>>, tell: () => void = () => {}): void {
    const time = new Date()
    const add = () => this.#store.addEvent(time, kind, body)
    if (this.#collected.keepPlace === undefined) {
      if (this.#attempt(add)) tell()
    } else if (!this.#broken) {
      this.#bytes += EVENT_BYTES
      this.#events.push({ add, tell })
      this.#gather()
    }
  }

  log(line: LogLine): void {
    this.#log.write(line)
    this.#observer.log?.(line)
  }

  engine(started: EngineStarted): void {
    this.#collected.makers.note(started)
    this.#observer.engine?.(started)
  }

  touched(touch: Touch): void {
    const key = JSON.stringify(touch)
    if (this.#touched.has(key) || this.#touched.size >= MAX_ALL_TOUCHES) return
    const ofKind = this.#touches.get(touch.kind) ?? 0
    if (ofKind >= MAX_TOUCHES) return
    this.#touches.set(touch.kind, ofKind + 1)
    this.#touched.add(key)
    this.#event('touched', { ...touch }, () => this.#observer.touched?.(touch))
  }

  probed(found: Probed): void {
    this.#event('probed', probedBody(found), () => this.#observer.probed?.(found))
  }

  lost(engine: number, reason: string, chunks: readonly number[]): void {
    const body = { engine, reason: reason.toWellFormed(), count: chunks.length, chunks: chunks.slice(0, 100) }
    this.#event('engine-lost', body)
    this.#observer.lost?.(engine, reason, chunks)
  }

  replaced(engine: number): void {
    this.#observer.replaced?.(engine)
  }

  setAside(chunk: number, reason: string): void {
    this.setAsideChunks.push({ chunk, reason })
    this.#event('set-aside', { chunk, reason: reason.toWellFormed() })
    this.#observer.setAside?.(chunk, reason)
  }

  task(told: TaskTold): void {
    this.#tasks.push(told)
    this.#bytes += EVENT_BYTES
    this.#gather()
  }

  close(): void {
    this.flush()
    this.#log.close()
  }

  /** Stops storing: what was gathered and is not durable yet is not acknowledged. */
  fail(error: Error): void {
    if (this.#broken) return
    this.#broken = true
    this.#onError(error)
  }

  #attempt(action: () => void): boolean {
    if (this.#broken) return false
    try {
      action()
      return true
    } catch (error) {
      this.fail(error as Error)
      return false
    }
  }
}

/** The run's log: a line for what was said, with where; it stops growing at MAX_LOG. */
class LogFile {
  readonly #path: string
  #file: number | null = null
  #length = 0

  constructor(path: string) {
    this.#path = path
  }

  write({ engine, chunk, job, stream, text }: LogLine): void {
    if (this.#length > MAX_LOG) return
    try {
      if (this.#file === null) {
        this.#file = openSync(this.#path, 'a')
        this.#length = fstatSync(this.#file).size
      }
      const place = chunk < 0 ? '' : ` chunk ${chunk}${job < 0 ? '' : ` job ${job}`}`
      const head = `${new Date().toISOString()} engine ${engine}${place} ${stream}: `
      const lines = text.replace(/\n$/, '').split('\n')
      const words = lines.map((line) => `${head}${line}\n`).join('')
      this.#length += writeSync(this.#file, words)
      if (this.#length > MAX_LOG)
        appendFileSync(this.#file, `The log is full (${MAX_LOG} bytes); what follows is not kept.\n`)
    } catch {} // a log that cannot be written must not end a run; chunks that cannot be written do
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file)
    this.#file = null
  }
}
