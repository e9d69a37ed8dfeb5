/**
 * The results of one run: chunk bytes and what is known beside them, in SQLite. Law 3: a chunk is acknowledged only
 * after it is durable; every batch of chunks is one transaction at synchronous=FULL. Law 4: a chunk that comes
 * twice is compared, never overwritten.
 */
import { existsSync } from 'node:fs'
import { canonical } from '../lib/canonical.ts'
import { RepriseError } from '../lib/errors.ts'
import type { ChunkDone } from '../runners/runner.ts'
import { Database } from './database.ts'
import { divergent } from './divergent.ts'
import { storageError } from './durable.ts'
import { Makers } from './environments.ts'
import type { RunFolder } from './lab.ts'
import type { Plan } from './plan.ts'
import { migrate, SCHEMA, tellsMakers } from './schema.ts'
import { readable, type StoredChunk, storedChunks } from './stored-chunks.ts'

export type { StoredChunk } from './stored-chunks.ts'

/** What happened to a run, in order. */
export interface RunEvent {
  readonly seq: number
  readonly time: string
  readonly kind: EventKind
  readonly body: Readonly<Record<string, unknown>>
}

export type EventKind =
  | 'started'
  | 'detached'
  | 'engine-lost'
  | 'set-aside'
  | 'touched'
  | 'probed'
  | 'interrupted'
  | 'cancelled'
  | 'incomplete'
  | 'failed'
  | 'sealed'
  | 'compared'

export interface Counts {
  readonly chunks: number
  readonly failedJobs: number
}

/** Indices read at once. */
const PAGE_INDICES = 10_000

/** What SQLite says of the disk, as against of what is on it. */
const DISK = /disk I\/O error|disk is full|unable to open|readonly|is locked/

export class ResultsStore {
  /** For what has a file of its own: environments.ts, replicas.ts. */
  readonly database: Database

  private constructor(database: Database) {
    this.database = database
  }

  /** Makes a new store; the caller puts its folder in place only when this has returned. */
  static create(path: string, plan: Plan): void {
    Database.create(path, `${SCHEMA} INSERT INTO plan VALUES (1, '${canonical(plan).replaceAll("'", "''")}')`)
  }

  /** Opens a run's store. Throws `not-found`, `not-intact` or `storage`. */
  static open(run: RunFolder): ResultsStore {
    if (!existsSync(run.results)) {
      throw new RepriseError('not-found', 'has no results.sqlite', { subject: `run ${run.id}` })
    }
    let database: Database | undefined
    try {
      database = run.readOnly === true ? Database.toLook(run.results) : new Database(run.results)
      if (run.readOnly !== true) database.makeDurable()
      const store = new ResultsStore(database)
      store.plan()
      return store
    } catch (cause) {
      database?.close()
      if (DISK.test((cause as Error).message)) throw storageError(run.results, cause)
      throw new RepriseError('not-intact', `results.sqlite cannot be read (${(cause as Error).message})`, {
        subject: `run ${run.id}`,
        remedy: 'Restore it from a copy, or run the experiment again',
        cause,
      })
    }
  }

  /** Has the tables of today, for whoever executes the run. */
  migrate(): void {
    migrate(this.database)
  }

  plan(): Plan {
    const row = this.database.prepare('SELECT text FROM plan').get() as { text: string } | undefined
    if (row === undefined) throw new Error('it holds no plan')
    return JSON.parse(row.text) as Plan
  }

  /**
   * Adds chunks in one durable transaction. A chunk that is there already must have the same bytes; those that were not are given back. After an error
   * nothing is known of these chunks: the caller stops, and what is on disk decides at `resume`.
   */
  add(chunks: readonly ChunkDone[], makers = new Makers(1)): ChunkDone[] {
    const known = this.database.prepare('SELECT leaf, engine, session FROM chunks WHERE chunk = ?')
    const insert = this.database.prepare(
      'INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (chunk) DO NOTHING',
    )
    const fresh: ChunkDone[] = []
    this.database.transaction(() => {
      for (const done of chunks) {
        const { chunk, bytes, leaf, failed, ms, engine, stacks } = done
        const words = stacks.length === 0 ? null : JSON.stringify(stacks)
        const row = makers.row(this.database, engine)
        const added = insert.run(chunk, bytes, leaf, failed, ms, engine, words, makers.session, row)
        if (Number(added.changes) === 1) {
          fresh.push(done)
          continue
        }
        const before = known.get(chunk) as { leaf: string; engine: number; session: number }
        if (before.leaf !== leaf) {
          const first = `${before.leaf} on ${makers.name(before.engine, before.session)}`
          throw divergent(chunk, first, `${leaf} on ${makers.name(engine)}`)
        }
      }
    })
    return fresh
  }

  addEvent(time: Date, kind: EventKind, body: Readonly<Record<string, unknown>>): void {
    const insert = this.database.prepare('INSERT INTO events (time, kind, body) VALUES (?, ?, ?)')
    this.database.transaction(() => insert.run(time.toISOString(), kind, canonical(body)))
  }

  /** Events in order, those after `seq`. */
  events(seq = 0): RunEvent[] {
    const ask = this.database.prepare('SELECT seq, time, kind, body FROM events WHERE seq > ? ORDER BY seq')
    const rows = ask.all(seq)
    return (rows as { seq: number; time: string; kind: EventKind; body: string }[]).map((row) => ({
      ...row,
      body: JSON.parse(row.body),
    }))
  }

  counts(): Counts {
    const sql = 'SELECT count(*) AS chunks, coalesce(sum(failed), 0) AS failedJobs FROM chunks'
    return this.database.prepare(sql).get() as unknown as Counts
  }

  /** Indices of the chunks that are there, ascending, those above `after`. */
  *present(after = -1): Generator<number> {
    for (const { chunk } of this.pages<{ chunk: number }>('chunk', PAGE_INDICES, after)) yield chunk
  }

  /** Chunks with their bytes, ascending. */
  chunks(): Generator<StoredChunk> {
    return storedChunks(this.database)
  }

  /** Chunks with the row of the environment that executed them, ascending. */
  *makers(): Generator<{ chunk: number; environment: number | null }> {
    const column = tellsMakers(this.database) ? 'environment' : 'NULL AS environment'
    yield* this.pages<{ chunk: number; environment: number | null }>(`chunk, ${column}`, PAGE_INDICES)
  }

  /** From here on everything is read as it is now, whatever is added meanwhile. */
  freeze(): void {
    this.database.freeze()
  }

  /** Columns of `chunks` by pages: between two of them nothing is open, however long the reader takes. */
  *pages<Row extends { chunk: number }>(columns: string, size = PAGE_INDICES, after = -1): Generator<Row> {
    const statement = this.database.prepare(
      `SELECT ${columns} FROM chunks WHERE chunk > ? ORDER BY chunk LIMIT ${size}`,
    )
    for (let last = after; ; ) {
      const page = readable(() => statement.all(last)) as unknown as Row[]
      yield* page
      if (page.length < size) return
      last = page.at(-1)!.chunk
    }
  }

  bytes(chunk: number): Uint8Array | null {
    const sql = 'SELECT CAST(bytes AS BLOB) AS bytes FROM chunks WHERE chunk = ?'
    return (this.database.prepare(sql).get(chunk) as { bytes: Uint8Array } | undefined)?.bytes ?? null
  }

  /** Where failed jobs threw: provenance kept beside the results. */
  stacks(limit: number): { chunk: number; job: number; stack: string }[] {
    const rows = this.database
      .prepare('SELECT chunk, stacks FROM chunks WHERE stacks IS NOT NULL ORDER BY chunk LIMIT ?')
      .all(limit)
    return (rows as { chunk: number; stacks: string }[])
      .flatMap(({ chunk, stacks }) =>
        (JSON.parse(stacks) as { job: number; stack: string }[]).map((s) => ({ chunk, ...s })),
      )
      .slice(0, limit)
  }

  /** Leaves a request for the process that executes the run. */
  request(time: Date, kind: 'cancel'): void {
    this.database.transaction(() =>
      this.database.prepare('INSERT INTO requests (time, kind) VALUES (?, ?)').run(time.toISOString(), kind),
    )
  }

  /** Number of requests so far: whoever executes the run heeds those that come after it began. */
  requests(): number {
    return (this.database.prepare('SELECT count(*) AS n FROM requests').get() as { n: number }).n
  }

  close(): void {
    this.database.close()
  }
}

/** The plan of a run. */
export function readPlan(run: RunFolder): Plan {
  const store = ResultsStore.open(run)
  try {
    return store.plan()
  } finally {
    store.close()
  }
}
