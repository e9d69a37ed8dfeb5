/**
 * How much engines of this session have taken, against what a run may take: engines that are there, times how long, and what
 * earlier sessions executed. Of tasks of a scheduler their own head counts; see runners/array/spent.ts.
 */
import type { RepriseError } from '../lib/errors.ts'
import { HOUR_MS, overspent } from '../runners/array/spent.ts'
import type { Observer } from './collect.ts'
import type { ResultsStore } from './results.ts'

export interface Budget {
  /** To be told in place of the observer. */
  readonly observer: Observer
  /** What stops the run; null as long as it may go on. */
  over(): RepriseError | null
}

/** `maxCoreHours` of the whole run; null for any. */
export function budget(store: ResultsStore, observer: Observer, maxCoreHours: number | null): Budget {
  if (maxCoreHours === null) return { observer, over: () => null }
  let [coreMs, since] = [engineMs(store), performance.now()]
  /** Engines that are ready. One may be lost before it was. */
  const live = new Set<number>()
  const count = () => {
    const now = performance.now()
    coreMs += live.size * (now - since)
    since = now
  }
  const gone = (engine: number) => {
    count()
    live.delete(engine)
  }
  return {
    observer: {
      ...observer,
      engine(started) {
        count()
        live.add(started.engine)
        observer.engine?.(started)
      },
      lost(...told) {
        gone(told[0])
        observer.lost?.(...told)
      },
      replaced(engine) {
        gone(engine)
        observer.replaced?.(engine)
      },
      replicating(chunks) {
        count()
        live.clear() // other engines execute them
        observer.replicating?.(chunks)
      },
    },
    over() {
      count()
      return coreMs > maxCoreHours * HOUR_MS ? overspent(coreMs, maxCoreHours) : null
    },
  }
}

/** How long engines were at the chunks that are there, ms. */
export function engineMs({ database }: ResultsStore): number {
  const row = database.prepare('SELECT coalesce(sum(ms), 0) AS ms FROM chunks').get() as { ms: number }
  return row.ms
}
