/**
 * The pool: keeps engines alive and supplied with chunks. Engines pull (law of the load-balanced view): whoever is
 * about to run dry gets the next batch. An engine that dies, falls silent or hangs in a job loses its chunks to the
 * others and is replaced; what it already delivered counts.
 */
import { fromErrorRecord, RepriseError } from '../lib/errors.ts'
import { batchSize } from './batch.ts'
import { askerOf } from './fresh.ts'
import type { EngineProcess, Launcher } from './launcher.ts'
import { endLinks, Link, lastLine } from './link.ts'
import { type Patience, type PoolOptions, patienceOf } from './patience.ts'
import type { Report } from './protocol.ts'
import { ChunkQueue, STRIKES } from './queue.ts'
import type { Assignment, Runner, Sink } from './runner.ts'
import { introduce, outcomesOf, touchOf } from './welcome.ts'

/** Engines that may die before `ready`, or for want of what all chunks need, in a row, before the run is given up. */
const FALSE_STARTS = 3

export function pool(launcher: Launcher, options: PoolOptions): Runner {
  return {
    kind: launcher.kind,
    engines: options.engines,
    async execute(assignment, sink, signal) {
      if (assignment.count === 0 || signal.aborted) return
      const execution = new Execution(launcher, options, assignment, sink)
      const abort = () => execution.stop()
      signal.addEventListener('abort', abort)
      try {
        await execution.finished
      } finally {
        signal.removeEventListener('abort', abort)
        await execution.close()
      }
    },
  }
}

class Execution {
  readonly finished: Promise<void>
  readonly #launcher: Launcher
  readonly #assignment: Assignment
  readonly #sink: Sink
  readonly #queue: ChunkQueue
  readonly #engines: number
  readonly #batch: number | undefined
  readonly #patience: Patience
  readonly #links = new Set<Link>()
  /** Engines that run the experiment's probes. Meanwhile nobody gets a chunk: what they find is to be known before. */
  readonly #probing = new Set<Link>()
  readonly #watch: NodeJS.Timeout
  #left: number
  #nextId = 1
  #falseStarts = 0
  #helpless = 0
  #lookedAt = performance.now()
  #over = false
  #finish: (error?: Error) => void = () => {}

  constructor(launcher: Launcher, options: PoolOptions, assignment: Assignment, sink: Sink) {
    this.#launcher = launcher
    this.#assignment = assignment
    this.#sink = sink
    this.#left = assignment.count
    const { count, executedIn = null } = assignment
    this.#engines = executedIn === null ? Math.min(options.engines, count) : options.engines
    this.#batch = options.batch
    this.#patience = patienceOf(options)
    this.#queue = new ChunkQueue(assignment.chunks, count, executedIn)
    this.finished = new Promise((resolve, reject) => {
      this.#finish = (error) => {
        this.#over = true
        if (error === undefined) resolve()
        else reject(error)
      }
    })
    this.#watch = setInterval(() => this.#look(), this.#patience.lookMs)
    for (let i = 0; i < this.#engines; i++) this.#launch()
  }

  /** Stops at once: what was delivered counts. */
  stop(): void {
    if (!this.#over) this.#finish()
  }

  async close(): Promise<void> {
    clearInterval(this.#watch)
    await endLinks(this.#links, this.#probing)
  }

  #launch(): void {
    const { hash, inputs, capsule } = this.#assignment
    let process: EngineProcess | null
    try {
      process = this.#launcher.launch(capsule)
    } catch (error) {
      this.#giveUp((error as Error).message)
      return
    }
    if (process === null) return
    const link: Link = new Link(this.#nextId++, process, {
      report: (report, payload, leaf) => this.#hear(link, report, payload, leaf),
      output: (stream, text) => this.#sink.log({ engine: link.id, chunk: -1, job: -1, stream, text }),
    })
    this.#links.add(link)
    link.open({ hash, inputs, beatMs: this.#patience.beatMs })
    void process.ended.then(({ how }) => this.#lose(link, how))
  }

  #hear(link: Link, report: Report, payload: Uint8Array, leaf: string): void {
    if (!this.#links.has(link)) return
    switch (report.type) {
      case 'ready':
        void this.#welcome(link, report)
        return
      case 'probed':
        if (!this.#probing.delete(link)) return
        this.#sink.probed?.(outcomesOf(link, report))
        this.#supplyAll()
        return
      case 'chunk': {
        if (!link.settle(report.chunk, report.ms)) return
        const { chunk, failed, ms, stacks } = report
        link.alone = false
        this.#helpless = 0
        link.moveTo(`after ${chunk}`)
        this.#sink.chunk({ chunk, bytes: payload, leaf, failed, ms, engine: link.id, stacks })
        this.#settled()
        this.#supply(link)
        return
      }
      case 'log':
        this.#sink.log({ engine: link.id, ...report })
        return
      case 'touched':
        this.#sink.touched(touchOf(report))
        return
      case 'beat':
        link.moveTo(`${report.chunk}.${report.job}`)
        if (report.sent > link.answered)
          this.#lose(link, 'what it printed tore its report', link.outstanding[0])
        return
      case 'fatal':
        link.lastWords = fromErrorRecord(report.error).line
        if (report.error.code === 'not-intact' && !this.#over) this.#finish(fromErrorRecord(report.error))
        link.helpless = report.error.code === 'not-found'
    }
  }

  async #welcome(link: Link, report: Extract<Report, { type: 'ready' }>): Promise<void> {
    const started = await introduce(link, report)
    if (this.#over || !this.#links.has(link)) return
    link.ready = true
    this.#falseStarts = 0
    this.#sink.engine(started)
    if ((report.probes ?? 0) > 0 && this.#assignment.wantsProbes?.(link.environment!) === true) {
      this.#probing.add(link)
      link.send({ type: 'probe' })
    }
    this.#supplyAll()
  }

  /** Some may have waited: for an engine like this, or for the probes. */
  #supplyAll(): void {
    for (const link of this.#links) this.#supply(link)
  }

  #supply(link: Link): void {
    if (this.#over || this.#probing.size > 0 || !link.ready || link.alone) return
    if (link.outstanding.length === 0) {
      if (this.#queue.wantsFreshEngine && link.answered > 0) {
        this.#replace(link)
        return
      }
      const suspect = this.#queue.takeSuspect()
      if (suspect !== undefined) {
        link.alone = true
        this.#give(link, [suspect])
        return
      }
    }
    const { chunkMs, outstanding: given } = link
    const { waiting } = this.#queue
    const load = { chunkMs, outstanding: given.length, waiting, engines: this.#engines, batch: this.#batch }
    this.#give(link, this.#queue.take(batchSize(load), askerOf(link, this.#links)))
  }

  #give(link: Link, chunks: number[]): void {
    if (chunks.length === 0) return
    if (link.outstanding.length === 0) link.moveTo(`before ${chunks[0]}`)
    link.outstanding.push(...chunks)
    link.send({ type: 'batch', chunks })
  }

  /** Puts a fresh engine in the place of one that did its work well, but may have left something running. */
  #replace(link: Link): void {
    this.#links.delete(link)
    link.process.kill()
    this.#launch()
  }

  #settled(): void {
    this.#left--
    if (this.#left === 0) this.#finish()
  }

  /** Looks for engines that are silent or hang in a job. */
  #look(): void {
    const now = performance.now()
    const { lookMs, timeoutMs, silenceMs, startMs } = this.#patience
    const away = now - this.#lookedAt > 2 * lookMs
    this.#lookedAt = now
    for (const link of this.#links) {
      if (away) link.excuse() // this process was stopped or busy, and heard nobody
      const trouble = link.trouble(timeoutMs, link.ready ? silenceMs : startMs)
      if (trouble !== null) this.#lose(link, trouble.how, trouble.guilty)
    }
  }

  /** An engine is gone or given up. With `guilty`, its other chunks are blameless. */
  #lose(link: Link, how: string, guilty?: number): void {
    if (!this.#links.delete(link)) return
    this.#probing.delete(link)
    link.process.kill()
    if (this.#over) return
    const words = lastLine(link.lastWords)
    const reason = words === '' ? how : `${how}: ${words}`
    this.#sink.lost(link.id, reason, link.outstanding)
    if (guilty !== undefined) this.#queue.giveBack(link.outstanding.filter((chunk) => chunk !== guilty))
    for (const chunk of guilty === undefined ? link.outstanding : [guilty]) {
      if (!this.#queue.strike(chunk)) continue
      this.#sink.setAside(chunk, `${STRIKES} engines were lost with it; the last: ${reason}`)
      this.#settled()
    }
    if (this.#over) return
    const never = !link.ready && ++this.#falseStarts >= FALSE_STARTS
    const helpless = link.helpless && ++this.#helpless >= FALSE_STARTS * this.#engines
    if (never || helpless) this.#giveUp(reason)
    else {
      this.#launch()
      this.#supplyAll()
    }
  }

  #giveUp(why: string): void {
    const remedy = 'See the run’s log for what it printed'
    this.#finish(
      new RepriseError('engine', `engines cannot be started: ${why}`, { subject: 'engine', remedy }),
    )
  }
}
