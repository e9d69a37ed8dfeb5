/**
 * Rows of a run while it is executed: in job order, each as soon as all before it are there; in order of completion, each as
 * soon as it is found. Only what is durable is ever seen. Between two looks nothing is held but the open file.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunFolder } from '../lab.ts'
import { ResultsStore } from '../results.ts'
import { chunksRows, type Row } from '../rows.ts'
import { comes, runState } from '../state.ts'
import { whatStopped } from '../stopped.ts'
import type { ResultsOptions } from './types.ts'

/** Between two looks, ms; and not more than this share of the time is spent on looking. */
export const LOOK_MS = 200
const LOOKING_SHARE = 0.1

/** Chunks that are new and due, each with nothing but its index, until there are none for now. */
type Look = (running: boolean) => Generator<number>

export async function* followRows(
  folder: RunFolder,
  options: ResultsOptions,
): AsyncGenerator<Row, void, undefined> {
  const { order = 'job', follow = true, signal } = options
  const store = ResultsStore.open(folder)
  try {
    const { experiment } = store.plan()
    const look = order === 'job' ? inJobOrder(store) : asTheyCome(store)
    for (;;) {
      const state = runState(folder) // before the look: of what is over then, nothing can be missed
      const running = follow && comes(state)
      const start = performance.now()
      for (const chunk of look(running)) {
        signal?.throwIfAborted()
        yield* chunksRows(experiment, [{ chunk, bytes: store.bytes(chunk)! }])
      }
      if (!running) {
        const stopped = follow ? whatStopped(folder, state) : null
        if (stopped !== null) throw stopped
        return
      }
      const took = performance.now() - start
      await sleep(Math.max(LOOK_MS, took / LOOKING_SHARE), undefined, signal === undefined ? {} : { signal })
    }
  } finally {
    store.close()
  }
}

/** While the run goes on, up to the first chunk that is not there yet. */
function inJobOrder(store: ResultsStore): Look {
  const sample = store.plan().rerun?.sample ?? null
  let given = 0
  let last = -1
  const isNext = (chunk: number) => chunk === (sample === null ? last + 1 : sample[given])
  return function* (running) {
    for (const chunk of store.present(last)) {
      if (running && !isNext(chunk)) return
      last = chunk
      given++
      yield chunk
    }
  }
}

/** Chunks that were not given before. */
function asTheyCome(store: ResultsStore): Look {
  const given = new Set<number>()
  const version = () =>
    (store.database.prepare('PRAGMA data_version').get() as { data_version: number }).data_version
  let seen: number | null = null
  return function* () {
    const now = version()
    if (now === seen) return // nobody has written since
    for (const chunk of store.present()) {
      if (given.has(chunk)) continue
      given.add(chunk)
      yield chunk
    }
    seen = now
  }
}
