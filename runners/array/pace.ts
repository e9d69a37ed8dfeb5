/**
 * How large tasks are to be, and how many may be submitted now: as the pilot said, then as the chunks took that came. Few
 * measures are trusted for few chunks, since those that came first may be the fast ones.
 */
import type { KnownArray } from './arrays.ts'
import type { EngineFacts } from './engine.ts'
import { batchSize, SCOUTS, type Sizing } from './planner.ts'

export interface Asked {
  readonly engines: number
  readonly taskMs: number
  /** As a pilot said; null where there was none. */
  readonly chunkMs: number | null
  readonly maxTasks: number | null
}

/** Chunks that came, and how long they took together. */
export interface Measured {
  readonly chunks: number
  readonly ms: number
}

/** Chunks that must have come before a pilot is believed no more, for each engine of a task. */
const ENOUGH = 4
/** For so many chunks on their way, one that came is measure enough. */
const TRUST = 250
/** Share of all tasks for which there must be room again before more are submitted. */
const SHARE = 8
const ALL = Number.POSITIVE_INFINITY

export class Pace {
  readonly #asked: Asked
  /** When the first chunk came, ms. */
  #first: number | null = null

  constructor(asked: Asked) {
    this.#asked = asked
  }

  /** Of scouts, the slow ones are waited for, as long as a task is to take. */
  sizing({ chunks, ms }: Measured, arrays: readonly KnownArray[]): Sizing {
    const { engines, taskMs, chunkMs: pilot } = this.#asked
    const of = (chunkMs: number | null) => ({ engines, taskMs, chunkMs })
    if (pilot !== null && chunks < ENOUGH * engines) return of(pilot)
    if (chunks === 0) return of(null)
    this.#first ??= performance.now()
    const early = pilot === null && performance.now() - this.#first < taskMs
    const scouting = early && chunks <= SCOUTS * engines && onTheirWay(arrays) > 0
    return of(scouting ? null : ms / chunks)
  }

  /** Tasks that may be submitted at once now; `most`: as many as the scheduler took lately. */
  room(
    sizing: Sizing,
    { chunks }: Measured,
    { arrays, facts, most }: { arrays: readonly KnownArray[]; facts: EngineFacts; most: number },
    waiting: number,
  ): number {
    const active = activeTasks(arrays)
    const limit = Math.min(this.#asked.maxTasks ?? ALL, facts.maxTasks ?? ALL)
    const free = limit - active
    if (active > 0 && free < limit / SHARE && waiting > free) return 0
    return Math.max(0, Math.min(facts.maxArray, most, free, this.#trusted(sizing, chunks, arrays, active)))
  }

  #trusted(sizing: Sizing, chunks: number, arrays: readonly KnownArray[], active: number): number {
    if (this.#asked.chunkMs !== null || sizing.chunkMs === null) return ALL
    const trusted = Math.ceil((TRUST * chunks - onTheirWay(arrays)) / batchSize(sizing))
    return active === 0 ? Math.max(SCOUTS, trusted) : trusted
  }
}

export function activeTasks(arrays: readonly KnownArray[]): number {
  let active = 0
  for (const { tasks, handle } of arrays)
    if (handle !== '') for (const { judged } of tasks) if (!judged) active++
  return active
}

/** Chunks that tasks have and that did not come yet. */
function onTheirWay(arrays: readonly KnownArray[]): number {
  let count = 0
  for (const { tasks } of arrays)
    for (const { judged, size, delivered, gaveUp } of tasks)
      if (!judged) count += Math.max(0, size - delivered - gaveUp)
  return count
}
