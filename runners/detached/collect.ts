/**
 * A runner that executes nothing: it replays the journal of a run that was executed elsewhere. So what is collected is
 * stored, compared and sealed as whatever a lab executes itself. Digests are checked as it arrives, and only chunks that
 * the run has are taken.
 */
import { RepriseError } from '../../lib/errors.ts'
import type { Assignment, ChunkDone, EngineStarted, Runner, Sink } from '../runner.ts'
import { damaged, RecordReader } from './record.ts'
import { BEGINNING, type Position } from './stream.ts'
import { type FarState, readTold, type Told } from './told.ts'

/** Sends a journal from a place on; see stream.ts. */
export type JournalSource = (
  from: Position,
  follow: boolean,
  signal: AbortSignal,
) => AsyncIterable<Uint8Array>

/** What is kept between two collections: up to where the journal was taken, and the engines that it spoke of. */
export interface Kept {
  readonly position: Position
  readonly engines: readonly EngineStarted[]
}

export interface CollectOptions {
  /** Tells this journal from another of the same run, which was begun anew. */
  readonly journal: string
  /** Goes on until executing has ended; else until all that is there now is taken. */
  readonly follow: boolean
  /** From the beginning and chunks alone, because what was taken before is not all here. */
  readonly anew?: boolean
  /** What executed it, and by how many engines, for the record. */
  readonly kind: string
  readonly engines: number
  /** Throws for a chunk that the run does not have, or whose bytes are not of its place. */
  readonly check: (done: ChunkDone) => void
}

/** Told beside chunks, in one collection; more than an honest head would have to tell, of 10^5 tasks with 32 engines each. */
const MAX_EVENTS = 4_000_000

export class Collection implements Runner {
  readonly kind: string
  readonly engines: number
  readonly journal: string
  /** How it is there, when all was taken. */
  state: FarState | null = null
  /** What stopped it there, in words. */
  reason: string | null = null
  readonly setAside = new Map<number, string>()
  readonly #source: JournalSource
  readonly #options: CollectOptions
  #before: readonly EngineStarted[] = []
  /** Engines that are not yet kept. */
  #fresh: EngineStarted[] = []
  #position: Position = BEGINNING
  #events = 0

  constructor(source: JournalSource, options: CollectOptions) {
    this.#source = source
    this.#options = options
    this.kind = options.kind
    this.engines = options.engines
    this.journal = options.journal
  }

  /** Goes on from where it was left. */
  begin({ position, engines }: Kept): void {
    this.#before = engines
    if (this.#options.anew !== true) this.#position = position
  }

  /** Up to where all was told to the sink, and the engines that came since this was asked last. */
  kept(): Kept {
    const engines = this.#fresh
    this.#fresh = []
    return { position: this.#position, engines }
  }

  async execute(_: Assignment, sink: Sink, signal: AbortSignal): Promise<void> {
    for (const started of this.#before) sink.engine(started)
    const reader = new RecordReader((record) => {
      const told = readTold(record)
      const before = this.#position
      const segment = told?.type === 'began' ? told.segment : before.segment
      if (segment < before.segment) throw damaged('goes back to a segment before')
      const offset = segment === before.segment ? before.offset : 0
      if (told?.type === 'chunk') this.#options.check(told.done) // what is refused is not passed over the next time
      if (told?.type !== 'caught-up') this.#position = { segment, offset: offset + record.bytes.length }
      if (told !== null) this.#tell(told, sink)
    })
    for await (const bytes of this.#source(this.#position, this.#options.follow, signal)) {
      if (signal.aborted) return
      reader.push(bytes)
      if (this.state !== null) return
    }
    if (signal.aborted) return
    throw new RepriseError('engine', 'the connection to the head ended before all was collected', {
      subject: 'collect',
      remedy: 'What arrived is safe; collect again',
    })
  }

  #tell(told: Told, sink: Sink): void {
    const { anew = false } = this.#options
    const isEvent = !['chunk', 'log', 'taken'].includes(told.type) // a log has a bound of its own, and others are not kept
    if (isEvent && ++this.#events > MAX_EVENTS) throw damaged(`tells more than ${MAX_EVENTS} events`)
    switch (told.type) {
      case 'began':
        this.setAside.clear()
        return
      case 'chunk':
        this.setAside.delete(told.done.chunk)
        sink.chunk(told.done)
        return
      case 'engine':
        this.#fresh.push(told.started)
        sink.engine(told.started)
        return
      case 'set-aside':
        this.setAside.set(told.chunk, told.reason)
        if (!anew) sink.setAside(told.chunk, told.reason)
        return
      case 'log':
        if (!anew) sink.log(told.line)
        return
      case 'touched':
        if (!anew) sink.touched(told.touch)
        return
      case 'probed':
        if (!anew) sink.probed?.(told.found)
        return
      case 'lost':
        if (!anew) sink.lost(told.engine, told.reason, told.chunks)
        return
      case 'task':
        sink.task?.(told.task) // what was told before, it replaces
        return
      case 'taken':
        return // for those who execute it further
      case 'ended':
        return // told again with the last record of what is sent
      case 'caught-up':
        this.state = told.state
        this.reason = told.reason
    }
  }
}
