/**
 * The pool: keeps engines alive and supplied with chunks. Engines pull (law of the load-balanced view): whoever is
 * about to run dry gets the next batch. An engine that dies, falls silent or hangs in a job loses its chunks to the
 * others and is replaced; what it already delivered counts.
 */
import { fromErrorRecord, type RepriseError } from '../lib/errors.ts'
import { couldBe } from './chunk-bytes.ts'
import type { EngineProcess, Launcher } from './launcher.ts'
import { endLinks, Link, lastLine } from './link.ts'
import { type Patience, type PoolOptions, patienceOf } from './patience.ts'
import type { Report } from './protocol.ts'
import { HOSTS, STRIKES } from './queue.ts'
import type { Assignment, Runner, Sink } from './runner.ts'
import { cannotStart, Starts } from './starts.ts'
import { watch } from './watch.ts'
import { introduce, outcomesOf, touchOf } from './welcome.ts'
import { type Blame, blameFor, Work } from './work.ts'

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
  /** How many engines there are to be, as far as there are places for them. */
  readonly #engines: number
  readonly #patience: Patience
  readonly #links = new Set<Link>()
  readonly #work: Work
  readonly #starts = new Starts()
  /** Engines that run the experiment's probes. Meanwhile nobody gets a chunk: what they find is to be known before. */
  readonly #probing = new Set<Link>()
  readonly #endWatch: () => void
  #nextId = 1
  #over = false
  #finish: (error?: Error) => void = () => {}

  constructor(launcher: Launcher, options: PoolOptions, assignment: Assignment, sink: Sink) {
    this.#launcher = launcher
    this.#assignment = assignment
    this.#sink = sink
    const { count, executedIn = null } = assignment
    this.#engines = executedIn === null ? Math.min(options.engines, count) : options.engines
    this.#patience = patienceOf(options)
    this.#work = new Work(assignment, this.#links, options.batch)
    this.finished = new Promise((resolve, reject) => {
      this.#finish = (error) => {
        this.#over = true
        if (error === undefined) resolve()
        else reject(error)
      }
    })
    this.#endWatch = watch(
      this.#links,
      this.#patience,
      (link, { how, guilty }) => this.#lose(link, how, guilty ?? 'all'),
      () => launcher.open !== undefined && this.#supplyAll(), // some chunk may be worth a second engine by now
    )
    if (launcher.open === undefined) this.#fill()
    else this.#open(assignment)
  }

  /** Stops at once: what was delivered counts. */
  stop(): void {
    if (!this.#over) this.#finish()
  }

  async close(): Promise<void> {
    this.#endWatch()
    await endLinks(this.#links, this.#probing)
  }

  #open({ capsule, inputs }: Assignment): void {
    const places = {
      free: () => this.#fill(),
      none: (error: Error) => {
        if (!this.#over) this.#finish(error)
      },
    }
    try {
      this.#launcher.open!({ capsule, inputs }, places)
    } catch (error) {
      this.#finish(error as Error)
    }
  }

  /** Launches engines until there are as many as there are to be, or there is no place for another. */
  #fill(): void {
    while (!this.#over && this.#links.size < this.#engines) if (!this.#launch()) return
  }

  #launch(): boolean {
    const { hash, inputs, capsule } = this.#assignment
    let process: EngineProcess | null
    try {
      process = this.#launcher.launch(capsule)
    } catch (error) {
      this.#finish(cannotStart((error as Error).message, 'engine'))
      return false
    }
    if (process === null) return false
    const link: Link = new Link(this.#nextId++, process, {
      report: (report, payload, leaf) => this.#hear(link, report, payload, leaf),
      nonsense: () => this.#babbles(link),
      output: (stream, text) => this.#sink.log({ engine: link.id, chunk: -1, job: -1, stream, text }),
    })
    this.#links.add(link)
    link.open({ hash, inputs: process.inputs ?? inputs, beatMs: this.#patience.beatMs })
    void process.ended.then((ending) => this.#lose(link, ending.how, blameFor(ending)))
    return true
  }

  #hear(link: Link, report: Report, payload: Uint8Array, leaf: string): void {
    if (!this.#links.has(link)) return
    switch (report.type) {
      case 'ready':
        if (link.introduced) this.#babbles(link)
        else void this.#welcome(link, report)
        return
      case 'probed':
        if (!this.#probing.delete(link)) return
        this.#sink.probed?.(outcomesOf(link, report))
        this.#supplyAll()
        return
      case 'chunk':
        if (!couldBe(report.chunk, report.failed, payload)) this.#babbles(link)
        else if (this.#work.settle(link, report.chunk, report.ms)) this.#take(link, report, payload, leaf)
        return
      case 'log':
        this.#sink.log({ engine: link.id, ...report })
        return
      case 'touched':
        this.#sink.touched(touchOf(report))
        return
      case 'beat':
        link.moveTo(`${report.chunk}.${report.job}`)
        this.#sink.at?.(link.id, report.chunk, report.job)
        if (report.sent > link.answered)
          this.#lose(link, 'what it printed tore its report', link.outstanding[0] ?? 'all')
        return
      case 'fatal':
        link.lastWords = fromErrorRecord(report.error).line
        link.helpless = report.error.code === 'not-found'
        if (report.error.code === 'not-intact') this.#forsake(link, fromErrorRecord(report.error))
    }
  }

  #take(link: Link, report: Extract<Report, { type: 'chunk' }>, payload: Uint8Array, leaf: string): void {
    const { chunk, failed, ms, stacks } = report
    link.alone = false
    this.#starts.worked(link)
    link.moveTo(`after ${chunk}`)
    this.#sink.chunk({ chunk, bytes: payload, leaf, failed, ms, engine: link.id, stacks })
    if (this.#work.left === 0) this.#finish()
    this.#supply(link)
  }

  /** What an engine says that does not speak the protocol is not used, and no chunk is to blame. */
  #babbles(link: Link): void {
    if (!this.#links.has(link) || this.#over) return
    const how = 'it does not speak the protocol of engines'
    if (this.#starts.babbled(link)) this.#forsake(link, cannotStart(how, link.process.host ?? 'engine'))
    this.#lose(link, how, 'nobody')
  }

  /** Uses its host no more; where there is no other, that is the end. */
  #forsake({ process: { host } }: Link, error: RepriseError): void {
    if (this.#over) return
    if (host === undefined || this.#launcher.forsake === undefined) this.#finish(error)
    else this.#launcher.forsake(host, error)
  }

  async #welcome(link: Link, report: Extract<Report, { type: 'ready' }>): Promise<void> {
    link.introduced = true
    const started = await introduce(link, report)
    if (this.#over || !this.#links.has(link)) return
    link.ready = true
    this.#starts.ready(link)
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
    if (this.#over || this.#probing.size > 0 || !link.ready) return
    const sharing = this.#launcher.open === undefined ? this.#engines : this.#links.size
    const next = this.#work.next(link, sharing)
    if (next === 'replace') this.#replace(link)
    else if (next.length > 0) link.give(next)
  }

  /** Puts a fresh engine in the place of one that did its work well, but may have left something running. */
  #replace(link: Link): void {
    if (this.#links.delete(link)) link.process.kill()
    this.#sink.replaced?.(link.id)
    this.#fill()
  }

  /** An engine is gone or given up, and its chunks with it: with whom is the blame? */
  #lose(link: Link, how: string, blame: Blame): void {
    if (!this.#links.delete(link)) return
    this.#probing.delete(link)
    link.process.kill()
    if (this.#over) return
    const words = lastLine(link.lastWords)
    const reason = words === '' ? how : `${how}: ${words}`
    this.#sink.lost(link.id, reason, link.outstanding)
    const lost = blame === 'host' ? `the way to ${HOSTS} hosts was` : `${STRIKES} engines were`
    for (const chunk of this.#work.lose(link, blame))
      this.#sink.setAside(chunk, `${lost} lost with it; the last: ${reason}`)
    if (this.#work.left === 0) this.#finish()
    if (blame !== 'nobody' && blame !== 'host') this.#doubt(link, reason)
    this.#fill()
    this.#supplyAll()
  }

  /** Engines that never come to work are not started for ever. */
  #doubt(link: Link, reason: string): void {
    const { host } = link.process
    const beside = [...this.#links].filter(({ process }) => process.host === host).length
    if (this.#starts.hopeless(link, host === undefined ? this.#engines : beside + 1))
      this.#forsake(link, cannotStart(reason, host ?? 'engine'))
  }
}
