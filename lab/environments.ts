/** Which environment executed which chunk, as the store and the manifest tell it. */
import { environmentText, type RecordedEnvironment } from '../lib/environment.ts'
import { type Executed, MAX_RANGES } from '../provenance/manifest.ts'
import type { EngineStarted } from '../runners/runner.ts'
import type { Database } from './database.ts'
import type { ResultsStore } from './results.ts'
import { tellsMakers } from './schema.ts'

/** Who executed chunks that are added: the session, and the environment of each engine in it. */
export class Makers {
  readonly session: number
  readonly #texts = new Map<number, string>()
  readonly #hosts = new Map<number, string>()
  readonly #rows = new Map<number, number>()

  constructor(session: number) {
    this.session = session
  }

  note({ engine, environment, node, host }: EngineStarted): void {
    this.#texts.set(engine, environmentText(environment, node))
    this.#hosts.set(engine, host)
  }

  /** An engine of a session, as people know it. */
  name(engine: number, session = this.session): string {
    if (session !== this.session) return `engine ${engine} of session ${session}`
    const host = this.#hosts.get(engine)
    return host === undefined ? `engine ${engine}` : `engine ${engine} (${host})`
  }

  /**
   * Row of the engine's environment, added where it is new; null where it is not known. Only inside a transaction; when
   * that fails, these makers are not to be used again.
   */
  row(database: Database, engine: number): number | null {
    const known = this.#rows.get(engine)
    const text = this.#texts.get(engine)
    if (known !== undefined || text === undefined) return known ?? null
    const id = environmentRow(database, text)
    this.#rows.set(engine, id)
    return id
  }
}

/** Row of an environment, added where it is new. Only inside a transaction. */
export function environmentRow(database: Database, text: string): number {
  database.prepare('INSERT OR IGNORE INTO environments (text) VALUES (?)').run(text)
  return (database.prepare('SELECT id FROM environments WHERE text = ?').get(text) as { id: number }).id
}

/** Environments by their row. */
export function environmentsOf({ database }: ResultsStore): Map<number, string> {
  if (!tellsMakers(database)) return new Map()
  const rows = database.prepare('SELECT id, text FROM environments ORDER BY id').all()
  return new Map((rows as { id: number; text: string }[]).map(({ id, text }) => [id, text]))
}

/** Where each chunk was executed, as the text of that environment; null where it is not known. */
export function executedIn(store: ResultsStore): (chunk: number) => string | null {
  const texts = environmentsOf(store)
  if (texts.size === 0) return () => null
  const ask = store.database.prepare('SELECT environment FROM chunks WHERE chunk = ?')
  return (chunk) => {
    const row = ask.get(chunk) as { environment: number | null } | undefined
    return texts.get(row?.environment ?? -1) ?? null
  }
}

/** The environments that executed the run's chunks, with how many and, where there are several, which. */
export function executedBy(store: ResultsStore): Executed[] {
  const texts = environmentsOf(store)
  const found = new Map<number, { chunks: number; ranges: [number, number][] }>()
  let ranges = 0
  for (const { chunk, environment } of store.makers()) {
    const at = texts.has(environment ?? -1) ? environment! : -1
    const one = found.get(at) ?? { chunks: 0, ranges: [] }
    found.set(at, one)
    one.chunks++
    const last = one.ranges.at(-1)
    if (last !== undefined && last[1] === chunk - 1) last[1] = chunk
    else if (ranges++ <= MAX_RANGES) one.ranges.push([chunk, chunk])
  }
  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([id, { chunks, ranges: own }]) => {
      const environment = id < 0 ? null : (JSON.parse(texts.get(id)!) as RecordedEnvironment)
      if (found.size === 1) return { environment, chunks }
      return { environment, chunks, ranges: ranges > MAX_RANGES ? null : own }
    })
}
