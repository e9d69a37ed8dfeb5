/**
 * Up to where the journal of a run that is executed elsewhere was taken, and the engines that it spoke of. It is kept in the
 * run's store, in the transaction that makes durable what it covers: so nothing is lost or told twice, whenever a
 * collector is killed. Only whoever has the run's lock reads or writes it.
 */
import { type EngineEnvironment, environmentText } from '../lib/environment.ts'
import type { Kept } from '../runners/detached/collect.ts'
import { BEGINNING } from '../runners/detached/stream.ts'
import type { EngineStarted } from '../runners/runner.ts'
import type { Database } from './database.ts'
import { environmentRow } from './environments.ts'
import type { ResultsStore } from './results.ts'

const TABLES = `
CREATE TABLE IF NOT EXISTS collected (
  one INTEGER PRIMARY KEY CHECK (one = 1), journal TEXT NOT NULL, segment INTEGER NOT NULL, place INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS collected_engines (engine INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
`

/** What was taken of the journal of this name; nothing where another was taken before, which is forgotten. */
export function startCollecting({ database }: ResultsStore, journal: string): Kept {
  database.transaction(() => {
    database.exec(TABLES)
    const known = database.prepare('SELECT journal FROM collected').get() as { journal: string } | undefined
    if (known?.journal === journal) return
    database.exec('DELETE FROM collected_engines')
    database
      .prepare('INSERT OR REPLACE INTO collected VALUES (1, ?, ?, ?)')
      .run(journal, BEGINNING.segment, BEGINNING.offset)
  })
  const { segment, place } = database.prepare('SELECT segment, place FROM collected').get() as {
    segment: number
    place: number
  }
  return { position: { segment, offset: place }, engines: engines(database) }
}

/** An engine as it is kept: its environment by its row, since thousands may have the same. Version 0.4 kept it whole. */
type KeptEngine = Omit<EngineStarted, 'environment'> & {
  readonly environment: EngineStarted['environment'] | number
}

function engines(database: Database): EngineStarted[] {
  const environments = new Map<number, EngineEnvironment>()
  const ask = database.prepare('SELECT text FROM environments WHERE id = ?')
  const rows = database.prepare('SELECT text FROM collected_engines ORDER BY engine').all()
  return (rows as { text: string }[]).map(({ text }) => {
    const { environment, ...started } = JSON.parse(text) as KeptEngine
    if (typeof environment !== 'number') return { ...started, environment }
    const known = environments.get(environment)
    const found = known ?? JSON.parse((ask.get(environment) as { text: string }).text)
    environments.set(environment, found)
    return { ...started, environment: found }
  })
}

/** The first session in which the journal of this name was collected, which is `session` where it is new here. */
export function collectedSince({ database }: ResultsStore, journal: string, session: number): number {
  database.transaction(() =>
    database.prepare('INSERT OR IGNORE INTO journals VALUES (?, ?)').run(journal, session),
  )
  const row = database.prepare('SELECT session FROM journals WHERE journal = ?').get(journal)
  return (row as { session: number }).session
}

/** Only inside the transaction that makes durable all that comes before; `engines`: those that are new. */
export function keepCollected({ database }: ResultsStore, { position, engines }: Kept): void {
  database.prepare('UPDATE collected SET segment = ?, place = ?').run(position.segment, position.offset)
  const insert = database.prepare('INSERT OR REPLACE INTO collected_engines VALUES (?, ?)')
  const known = new Map<EngineEnvironment, number>()
  for (const { environment, ...started } of engines) {
    const row = environment === null ? null : (known.get(environment) ?? rowOf(environment))
    const kept: KeptEngine = { ...started, environment: row }
    insert.run(started.engine, JSON.stringify(kept))
  }

  function rowOf(environment: EngineEnvironment): number {
    const row = environmentRow(database, environmentText(environment, ''))
    known.set(environment, row)
    return row
  }
}
