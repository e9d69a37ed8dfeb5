/** How fast runs go, from what was seen of them while somebody looked: rate, and the time that is left at that rate. */
import type { RunState } from '../../lab/state.ts'

export interface Pace {
  readonly jobsPerSecond: number
  /** Seconds; NaN where nothing has moved yet. */
  readonly left: number
}

/** What was seen longer ago than this says nothing about now, ms. */
const WINDOW_MS = 60_000
/** Less than this between two looks tells nothing yet. */
const LEAST_MS = 1_500

interface Seen {
  readonly at: number
  readonly chunks: number
  readonly jobs: number
}

export class Paces {
  readonly #seen = new Map<string, Seen[]>()

  /** Notes how far a run is at a time (ms of any steady clock); null while too little was seen, and of one that nobody executes. */
  of(state: RunState, at: number): Pace | null {
    if (state.holder === null) {
      this.#seen.delete(state.run)
      return null
    }
    const now: Seen = { at, chunks: state.chunksDone, jobs: state.jobsDone }
    const before = (this.#seen.get(state.run) ?? []).filter((seen) => at - seen.at <= WINDOW_MS)
    const seen = [...before.filter((one) => one.chunks <= now.chunks), now]
    this.#seen.set(state.run, seen)
    const first = seen[0]!
    const seconds = (at - first.at) / 1000
    if (at - first.at < LEAST_MS) return null
    return {
      jobsPerSecond: (now.jobs - first.jobs) / seconds,
      left: ((state.chunks - now.chunks) * seconds) / (now.chunks - first.chunks || Number.NaN),
    }
  }
}
