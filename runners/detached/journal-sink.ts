/** A sink that writes all that it is told as records; user code's own words up to a bound, since nobody reads them for a week. */
import type { Sink } from '../runner.ts'
import { taskHeader } from './told-task.ts'

/** Takes records, in order: a journal, or what writes parts of one. */
export interface Recorder {
  add(header: object, payload?: Uint8Array): void
}

/** Bytes of user code's words in a segment, and of a single one. */
const MAX_LOG = 64 * 2 ** 20
const MAX_LINE = 2 ** 16

/** Engines are counted on from `lastEngine`, so that a number means one engine in all that is recorded. */
export function journalSink(journal: Recorder, lastEngine: number, setAside: Set<number>): Sink {
  let logged = 0
  const numbered = <T extends { readonly engine: number }>(told: T): T => ({
    ...told,
    engine: told.engine + lastEngine,
  })
  return {
    chunk({ bytes, chunk, failed, ms, engine, stacks, leaf }) {
      journal.add({ type: 'chunk', chunk, failed, ms, engine: engine + lastEngine, stacks, leaf }, bytes)
    },
    log(line) {
      if (logged > MAX_LOG) return
      const text = line.text.slice(0, MAX_LINE)
      logged += text.length
      journal.add({
        type: 'log',
        ...numbered(line),
        text: logged > MAX_LOG ? `The log is full (${MAX_LOG} bytes)` : text,
      })
    },
    engine: (started) => journal.add({ type: 'engine', ...numbered(started) }),
    touched: (touch) => journal.add({ type: 'touched', ...touch }),
    probed: (found) => journal.add({ type: 'probed', ...numbered(found) }),
    lost(engine, reason, chunks) {
      journal.add({ type: 'lost', engine: engine + lastEngine, reason: reason.toWellFormed(), chunks })
    },
    setAside(chunk, reason) {
      setAside.add(chunk)
      journal.add({ type: 'set-aside', chunk, reason: reason.toWellFormed() })
    },
    task: (told) => journal.add(taskHeader(told, lastEngine)),
    taken: (word) => journal.add({ type: 'taken', word }),
  }
}
