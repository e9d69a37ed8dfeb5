/** What a head tells of a run, made up record by record, and collected as a lab collects it. */
import { executeRun, type Outcome, recordSession } from '../../lab/execute.ts'
import type { Lab, RunFolder } from '../../lab/lab.ts'
import { ResultsStore } from '../../lab/results.ts'
import { Collection } from '../../runners/detached/collect.ts'
import { encodeRecord } from '../../runners/detached/record.ts'
import type { ChunkDone, EngineStarted, TaskTold } from '../../runners/runner.ts'

/** A task as Slurm would have had it, unless something else is said. */
export function taskTold(told: Partial<TaskTold> = {}): TaskTold {
  return {
    scheduler: 'slurm',
    cluster: 'lab',
    job: '123_0',
    restarts: 0,
    node: 'n1',
    state: 'completed',
    words: 'COMPLETED',
    started: '2026-11-27T10:00:00.000Z',
    ended: '2026-11-27T10:02:00.000Z',
    cpuMs: 100_000,
    maxRssBytes: 96_000_000,
    measured: 'scheduler',
    chunks: 1,
    engines: [1],
    ...told,
  }
}

/** A journal of one segment. */
export class MadeJournal {
  readonly name: string
  readonly #records: Buffer[] = []

  constructor(name: string) {
    this.name = name
    this.#add({ type: 'began', segment: 1, time: '' })
  }

  engine(started: Partial<EngineStarted> & { readonly engine: number }): this {
    return this.#add({ type: 'engine', pid: 1, host: 'h', node: 'v20.19.0', environment: null, ...started })
  }

  chunks(chunks: readonly ChunkDone[]): this {
    for (const { bytes, ...done } of chunks) this.#add({ type: 'chunk', ...done }, bytes)
    return this
  }

  tasks(...tasks: readonly TaskTold[]): this {
    for (const task of tasks) this.#add({ type: 'task', ...task })
    return this
  }

  /** All of it that is not yet in the lab, with the word that there is no more for now. */
  collect(lab: Lab, run: RunFolder, state: 'running' | 'done' = 'running', anew = false): Promise<Outcome> {
    const bytes = Buffer.concat(this.#records)
    const end = encodeRecord({ type: 'caught-up', state, reason: null })
    const source = async function* ({ offset }: { offset: number }) {
      yield bytes.subarray(offset)
      yield end
    }
    const options = { kind: 'slurm', journal: this.name, follow: false, anew, engines: 1, check: () => {} }
    const collection = new Collection(source, options)
    const { signal } = new AbortController()
    return executeRun(lab, run, collection, signal, {}, { collects: collection })
  }

  #add(header: object, payload?: Uint8Array): this {
    this.#records.push(encodeRecord(header, payload))
    return this
  }
}

/** The run is handed over, as a lab records it. */
export function beginSession(lab: Lab, run: RunFolder): void {
  withStore(run, (store) => {
    recordSession(lab, store, store.plan(), { kind: 'slurm', engines: 1 }, 10)
    store.addEvent(new Date(), 'detached', { missing: 10 })
  })
}

export function withStore<T>(run: RunFolder, action: (store: ResultsStore) => T): T {
  const store = ResultsStore.open(run)
  try {
    return action(store)
  } finally {
    store.close()
  }
}
