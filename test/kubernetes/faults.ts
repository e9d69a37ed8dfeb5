/**
 * What goes wrong in a cluster, settable at any time. Chances are drawn from the seed, the place of the Job in the order in which
 * Jobs came, index and attempt, so that the same run meets the same faults whatever happens first.
 */
import { createHash } from 'node:crypto'

/** What strikes a pod. `lose`: its node is gone, and the pod is deleted as pod garbage collection does. */
export const STRIKES = ['kill', 'evict', 'oom', 'lose'] as const
export type Strike = (typeof STRIKES)[number]

/** What becomes of a request. `lose-after`: it took effect, and the answer does not arrive. */
export type Trouble = 'lose-before' | 'lose-after' | 'conflict' | 'too-many' | 'error' | 'gone'

/** A request as faults see it. */
export interface Asked {
  readonly verb: string
  readonly resource: string
  readonly name: string
}

export interface PlannedTrouble {
  readonly trouble: Trouble
  /** Requests that meet it; any when not given. */
  readonly verb?: string
  readonly resource?: string
  /** How many more; one when not given. */
  times?: number
}

export class Faults {
  readonly seed: string
  /** Share of pods that are struck, 0 … 1 each. */
  kill = 0
  evict = 0
  oom = 0
  lose = 0
  /** How long after their start pods are struck, milliseconds: from, to. */
  strikeMs: readonly [number, number] = [10, 400]
  /** Share of indices of which two pods run at once. */
  duplicate = 0
  /** Share of requests, other than watches, that meet each trouble. */
  shares: Partial<Record<Trouble, number>> = {}
  /** Requests to come that meet trouble. */
  readonly planned: PlannedTrouble[] = []
  /** Seconds that those who asked too often are told to wait. */
  retryAfter = 1
  /** Watches are closed after as many events; never when null. */
  watchEvents: number | null = null
  /** So many watches from now on end in 410: as their status, or as an event after the first. */
  goneWatches = 0
  goneAs: 'status' | 'event' = 'event'
  /** Status of pods and Jobs is written so much later, milliseconds. */
  lateStatusMs = 0
  /** Finished Jobs, and their pods, are deleted so soon, milliseconds, whatever they ask for; null: as they ask for. */
  ttlMs: number | null = null
  /** Images that cannot be pulled although they are there. */
  noImage: string[] = []
  #requests = 0

  constructor(seed: string) {
    this.seed = seed
  }

  /** What strikes a pod, and when after its start, milliseconds. */
  strikeOf(
    job: number,
    index: number,
    attempt: number,
  ): { readonly strike: Strike; readonly afterMs: number } | null {
    let chance = this.#chance('strike', job, index, attempt)
    for (const strike of STRIKES) {
      if (chance < this[strike]) {
        const [from, to] = this.strikeMs
        return { strike, afterMs: from + this.#chance('when', job, index, attempt) * (to - from) }
      }
      chance -= this[strike]
    }
    return null
  }

  isDoubled(job: number, index: number): boolean {
    return this.#chance('double', job, index) < this.duplicate
  }

  /** What becomes of the next request. */
  troubleOf({ verb, resource }: Asked): Trouble | null {
    const at = this.planned.findIndex(
      (each) => (each.verb ?? verb) === verb && (each.resource ?? resource) === resource,
    )
    const planned = this.planned[at]
    if (planned !== undefined) {
      planned.times = (planned.times ?? 1) - 1
      if (planned.times <= 0) this.planned.splice(at, 1)
      return planned.trouble
    }
    if (verb === 'watch') return null
    let chance = this.#chance('request', this.#requests++)
    for (const [trouble, share] of Object.entries(this.shares)) {
      if (chance < share) return trouble as Trouble
      chance -= share
    }
    return null
  }

  #chance(...what: readonly (string | number)[]): number {
    const digest = createHash('sha256')
      .update(JSON.stringify([this.seed, ...what]))
      .digest()
    return digest.readUInt32BE(0) / 2 ** 32
  }
}
