/**
 * The chunks of one execution: which wait, which are with whom, how many are left. What an engine gets next is decided
 * here, and what becomes of the chunks of one that is lost.
 */
import { batchSize } from './batch.ts'
import type { Ending } from './channel.ts'
import { askerOf } from './fresh.ts'
import type { Link } from './link.ts'
import { ChunkQueue } from './queue.ts'
import type { Assignment } from './runner.ts'
import { secondCopies } from './twice.ts'

/** What an engine gets next: chunks, perhaps none; or its place is to be taken by a fresh one. */
export type Next = readonly number[] | 'replace'

/** With whom the blame may be: nobody, the host or what it had to do, all chunks of the engine, or this one. */
export type Blame = 'nobody' | 'host' | 'all' | number

/** With whom the blame is for what an engine had that ended so. */
export function blameFor({ dismissed = false, unreachable }: Ending): Blame {
  return dismissed ? 'nobody' : unreachable ? 'host' : 'all'
}

export class Work {
  /** Chunks that are neither done nor set aside. */
  left: number
  readonly #queue: ChunkQueue
  readonly #links: ReadonlySet<Link>
  readonly #batch: number | undefined
  /** Chunks that two engines have; true once one of them has done it. */
  readonly #twice = new Map<number, boolean>()
  /** Chunks that an engine was lost with while another had them too: they get no second engine again. */
  readonly #unsafe = new Set<number>()
  readonly #mayCopy: boolean

  constructor(assignment: Assignment, links: ReadonlySet<Link>, batch: number | undefined) {
    const { chunks, count, executedIn = null } = assignment
    this.left = count
    this.#queue = new ChunkQueue(chunks, count, executedIn)
    this.#links = links
    this.#batch = batch
    this.#mayCopy = executedIn === null // else it would matter which of the two does it
  }

  /** What an engine that is ready gets, where `engines` share what waits. */
  next(link: Link, engines: number): Next {
    if (link.alone) return []
    const queue = this.#queue
    const idle = link.outstanding.length === 0
    if (idle) {
      if (queue.wantsFreshEngine && link.answered > 0) return 'replace'
      const suspect = queue.takeSuspect()
      if (suspect !== undefined) {
        link.alone = true
        return [suspect]
      }
    }
    const size = batchSize({
      chunkMs: link.chunkMs,
      outstanding: link.outstanding.length,
      waiting: queue.waiting,
      engines,
      batch: this.#batch,
      latencyMs: link.process.latencyMs ?? 0,
    })
    const chunks = queue.take(size, askerOf(link, this.#links))
    if (chunks.length > 0 || !idle || queue.waiting > 0 || !this.#mayCopy) return chunks
    const taboo = (chunk: number) => this.#twice.has(chunk) || this.#unsafe.has(chunk)
    const copies = secondCopies(link, this.#links, taboo, performance.now())
    for (const chunk of copies) this.#twice.set(chunk, false)
    return copies
  }

  /** A chunk has come from an engine. False when that engine did not have it. */
  settle(link: Link, chunk: number, ms: number): boolean {
    if (!link.settle(chunk, ms)) return false
    this.#queue.isOver(chunk)
    const before = this.#twice.get(chunk)
    if (before === undefined) this.left--
    else if (before) this.#twice.delete(chunk)
    else {
      this.#twice.set(chunk, true)
      this.left--
    }
    return true
  }

  /**
   * An engine is lost. Its chunks go to others: without blame, under suspicion, or only the guilty one of them under
   * suspicion; where its host is lost, those that it had begun are watched. Returns those that are given up.
   */
  lose(link: Link, blame: Blame): number[] {
    const queue = this.#queue
    const begun = new Set(link.outstanding.slice(0, link.begun))
    const blamed = (chunk: number) =>
      blame === 'all' || blame === chunk || (blame === 'host' && begun.has(chunk))
    for (const chunk of link.outstanding) queue.isOver(chunk)
    const given = link.outstanding.filter((chunk) => {
      if (!this.#twice.delete(chunk)) return true
      if (blamed(chunk)) this.#unsafe.add(chunk)
      return false // it is done, or another engine has it
    })
    queue.giveBack(given.filter((chunk) => !blamed(chunk)))
    const isAside = (chunk: number) => (blame === 'host' ? queue.hostLost(chunk) : queue.strike(chunk))
    const aside = given.filter((chunk) => blamed(chunk) && isAside(chunk))
    this.left -= aside.length
    return aside
  }
}
