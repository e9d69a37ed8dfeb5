/**
 * What is still to be done: which chunks no task has, which of them go alone or in smaller batches because tasks were lost with
 * them, and which are given up. A chunk is with one task at a time, as far as anybody knows.
 */
import { ChunkSet } from '../chunk-set.ts'
import { chunksIn, chunksOf, rangesOf } from '../detached/submission.ts'
import type { TaskBlame } from './judgement.ts'
import { type Batch, batchSize, halves, type Planned, planArray, type Sizing } from './planner.ts'

/** Tasks that a chunk may take with it before it is set aside. */
export const STRIKES = 3
/** Tasks with it that may be taken away in a row. */
export const TAKEN_AWAY = 20

export class Missing {
  readonly #asked: ChunkSet
  /** Told or given up. */
  readonly #settled = new ChunkSet()
  readonly #strikes = new Map<number, number>()
  readonly #takenAway = new Map<number, number>()
  #free: Batch
  #batches: Batch[] = []

  /** `has`: chunks that tasks of an earlier execution have. */
  constructor(chunks: Iterable<number>, has: ChunkSet) {
    const asked = new ChunkSet()
    function* free(): Generator<number> {
      for (const chunk of chunks) if (asked.add(chunk) && !has.has(chunk)) yield chunk
    }
    this.#free = rangesOf(free())
    this.#asked = asked
  }

  /** Chunks that were neither told nor given up. */
  get left(): number {
    return this.#asked.size - this.#settled.size
  }

  /** Whether there is anything that no task has. */
  get waits(): boolean {
    return this.#free.length > 0 || this.#batches.length > 0
  }

  /** Whether anything waits that may go without a measure of how long a chunk takes. */
  get waitsAlone(): boolean {
    return this.#batches.length > 0
  }

  /** How many tasks what waits makes, about. */
  tasks(sizing: Sizing): number {
    return this.#batches.length + Math.ceil(chunksIn(this.#free) / batchSize(sizing))
  }

  isMissing(chunk: number): boolean {
    return this.#asked.has(chunk) && !this.#settled.has(chunk)
  }

  /** Those of a batch that are missing. */
  among(batch: Batch): number[] {
    const found: number[] = []
    for (const chunk of chunksOf(batch)) if (this.isMissing(chunk)) found.push(chunk)
    return found
  }

  settle(chunk: number): void {
    if (this.#asked.has(chunk)) this.#settled.add(chunk)
  }

  /** The next tasks, at most so many: their chunks are with them from now on. What came meanwhile from elsewhere is left out. */
  take(sizing: Sizing, room: number, scout: boolean): readonly Batch[] {
    const planned: Planned = planArray({ free: this.#free, batches: this.#batches }, sizing, room, scout)
    this.#free = planned.free
    this.#batches = [...planned.batches]
    return planned.tasks.map((batch) => this.#pruned(batch)).filter((batch) => batch.length > 0)
  }

  /** Tasks that were taken and never came to be, as they were. */
  putBack(tasks: readonly Batch[]): void {
    this.#batches = tasks.concat(this.#batches)
  }

  /**
   * Chunks of one task that is over come back; those that are given up with it are returned, and settled. `progress`: it
   * delivered something.
   */
  comeBack(chunks: readonly number[], blame: TaskBlame, progress: boolean): number[] {
    if (chunks.length === 0) return []
    if (blame === 'nobody') return this.#returnFreely(chunks, progress)
    const smaller = halves(rangesOf(chunks))
    const strikes = !progress && (blame === 'task' || chunks.length === 1)
    if (!strikes) {
      this.#batches.push(...smaller)
      return []
    }
    const counts = chunks.map((chunk) => bump(this.#strikes, chunk))
    const given = chunks.filter((_, i) => counts[i]! >= STRIKES)
    for (const chunk of given) this.settle(chunk)
    const kept = chunks.filter((_, i) => counts[i]! < STRIKES)
    // The last try is alone, so that none is given up for what is next to it.
    const alone = Math.max(0, ...counts) >= STRIKES - 1
    const again = alone ? kept.map((chunk): Batch => [[chunk, chunk]]) : smaller
    for (const batch of again) this.#batches.push(batch)
    return given
  }

  #returnFreely(chunks: readonly number[], progress: boolean): number[] {
    if (progress) for (const chunk of chunks) this.#takenAway.delete(chunk)
    const given = chunks.filter((chunk) => bump(this.#takenAway, chunk) > TAKEN_AWAY)
    for (const chunk of given) this.settle(chunk)
    const kept = given.length === 0 ? chunks : chunks.filter((chunk) => this.isMissing(chunk))
    if (chunks.some((chunk) => this.#strikes.has(chunk))) this.#batches.push(rangesOf(kept))
    else this.#free = [...rangesOf(kept), ...this.#free]
    return given
  }

  #pruned(batch: Batch): Batch {
    const missing = this.among(batch)
    return missing.length === chunksIn(batch) ? batch : rangesOf(missing)
  }
}

function bump(counts: Map<number, number>, chunk: number): number {
  const count = (counts.get(chunk) ?? 0) + 1
  counts.set(chunk, count)
  return count
}
