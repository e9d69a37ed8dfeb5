/**
 * A runner that executes nothing: it replays the journal of a run that was executed elsewhere. So what is collected is
 * stored, compared and sealed as whatever a lab executes itself. Digests are checked as it arrives, and only chunks that
 * the run has are taken.
 */
import { RepriseError } from '../../lib/errors.ts'
import type { Assignment, ChunkDone, EngineStarted, Runner, Sink } from '../runner.ts'
import { damaged, RecordReader } from './record.ts'
import type { Position } from './stream.ts'
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
  readonly kept: Kept
  /** Goes on until executing has ended; else until all that is there now is taken. */
  readonly follow: boolean
  /** Engines, for the record. */
  readonly engines: number
  /** Throws for a chunk that the run does not have, or whose bytes are not of its place. */
  readonly check: (done: ChunkDone) => void
}

export class Collection implements Runner {
  readonly kind = 'ssh'
  readonly engines: number
  /** How it is there, when all was taken. */
  state: FarState | null = null
  /** What stopped it there, in words. */
  reason: string | null = null
  readonly setAside = new Map<number, string>()
  readonly #source: JournalSource
  readonly #options: CollectOptions
  readonly #known: EngineStarted[]
  #position: Position
  /** Where those chunks begin that were told and are not yet durable here. */
  readonly #pending: Position[] = []

  constructor(source: JournalSource, options: CollectOptions) {
    this.#source = source
    this.#options = options
    this.engines = options.engines
    this.#known = [...options.kept.engines]
    this.#position = options.kept.position
  }

  /** What may be remembered: all before it is durable here. */
  get kept(): Kept {
    return { position: this.#pending[0] ?? this.#position, engines: this.#known }
  }

  /** So many more of the chunks that were told are durable. */
  durable(count: number): void {
    this.#pending.splice(0, count)
  }

  async execute(_: Assignment, sink: Sink, signal: AbortSignal): Promise<void> {
    for (const started of this.#known) sink.engine(started)
    const reader = new RecordReader((record) => {
      const told = readTold(record)
      const before = this.#position
      const segment = told?.type === 'began' ? told.segment : before.segment
      if (segment < before.segment) throw damaged('goes back to a segment before')
      const offset = segment === before.segment ? before.offset : 0
      if (told?.type !== 'caught-up') this.#position = { segment, offset: offset + record.bytes.length }
      if (told !== null) this.#tell(told, before, sink)
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

  #tell(told: Told, before: Position, sink: Sink): void {
    switch (told.type) {
      case 'began':
        this.setAside.clear()
        return
      case 'chunk':
        this.#options.check(told.done)
        this.#pending.push(before)
        this.setAside.delete(told.done.chunk)
        sink.chunk(told.done)
        return
      case 'engine':
        this.#known.push(told.started)
        sink.engine(told.started)
        return
      case 'log':
        sink.log(told.line)
        return
      case 'touched':
        sink.touched(told.touch)
        return
      case 'probed':
        sink.probed?.(told.found)
        return
      case 'lost':
        sink.lost(told.engine, told.reason, told.chunks)
        return
      case 'set-aside':
        this.setAside.set(told.chunk, told.reason)
        sink.setAside(told.chunk, told.reason)
        return
      case 'ended':
        return // told again with the last record of what is sent
      case 'caught-up':
        this.state = told.state
        this.reason = told.reason
    }
  }
}
