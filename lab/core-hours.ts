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

/** `maxCoreHours` of the whole run; undefined for any. */
export function budget(store: ResultsStore, observer: Observer, maxCoreHours: number | undefined): Budget {
  if (maxCoreHours === undefined) return { observer, over: () => null }
  let [coreMs, engines, since] = [engineMs(store), 0, performance.now()]
  const count = (more: number) => {
    const now = performance.now()
    coreMs += engines * (now - since)
    since = now
    engines = Math.max(0, engines + more)
  }
  return {
    observer: {
      ...observer,
      engine(started) {
        count(1)
        observer.engine?.(started)
      },
      lost(...told) {
        count(-1)
        observer.lost?.(...told)
      },
    },
    over() {
      count(0)
      return coreMs > maxCoreHours * HOUR_MS ? overspent(coreMs, maxCoreHours) : null
    },
  }
}

/** How long engines were at the chunks that are there, ms. */
export function engineMs({ database }: ResultsStore): number {
  const row = database.prepare('SELECT coalesce(sum(ms), 0) AS ms FROM chunks').get() as { ms: number }
  return row.ms
}
