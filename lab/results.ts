/**
 * The results of one run: chunk bytes and what is known beside them, in SQLite. Law 3: a chunk is acknowledged only
 * after it is durable; every batch of chunks is one transaction at synchronous=FULL. Law 4: a chunk that comes
 * twice is compared, never overwritten.
 */
import { existsSync } from 'node:fs'
import { DatabaseSync, type DatabaseSyncInstance, type StatementSyncInstance } from '@photostructure/sqlite'
import { canonical } from '../lib/canonical.ts'
import { RepriseError } from '../lib/errors.ts'
import type { ChunkDone } from '../runners/runner.ts'
import { storageError } from './durable.ts'
import type { RunFolder } from './lab.ts'
import type { Plan } from './plan.ts'

const SCHEMA = `
CREATE TABLE plan (one INTEGER PRIMARY KEY CHECK (one = 1), text TEXT NOT NULL) STRICT;
CREATE TABLE chunks (
  chunk INTEGER PRIMARY KEY, bytes BLOB NOT NULL, leaf TEXT NOT NULL, failed INTEGER NOT NULL,
  ms REAL NOT NULL, engine INTEGER NOT NULL, stacks TEXT);
CREATE TABLE events (seq INTEGER PRIMARY KEY, time TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL) STRICT;
CREATE TABLE requests (seq INTEGER PRIMARY KEY, time TEXT NOT NULL, kind TEXT NOT NULL) STRICT;
`

/** What happened to a run, in order. `kind` is one of EVENT_KINDS. */
export interface RunEvent {
  readonly seq: number
  readonly time: string
  readonly kind: EventKind
  readonly body: Readonly<Record<string, unknown>>
}

export type EventKind =
  | 'planned'
  | 'started'
  | 'engine-lost'
  | 'set-aside'
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

export interface StoredChunk {
  readonly chunk: number
  readonly bytes: Uint8Array
  /** As it was acknowledged, hex. */
  readonly leaf: string
  readonly failed: number
}

/** Rows read at once: few chunks, since one may be megabytes; many indices. */
const PAGE_CHUNKS = 16
const PAGE_INDICES = 10_000

export class ResultsStore {
  readonly #database: DatabaseSyncInstance
  readonly #path: string
  /** Statements by their text, held on to: rows of one that is collected while it is read are lost. */
  readonly #statements = new Map<string, StatementSyncInstance>()
  #wrote = false

  private constructor(path: string) {
    this.#path = path
    this.#database = new DatabaseSync(path)
    this.#database.exec('PRAGMA busy_timeout = 10000')
  }

  /**
   * A new store; the caller puts its folder in place only when this has returned. It prepares no statement: one that
   * is not yet collected would keep the file open under the folder's old name.
   */
  static create(path: string, plan: Plan): void {
    const store = new ResultsStore(path)
    try {
      store.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
      store.#database.exec(SCHEMA)
      store.#database.exec(`INSERT INTO plan VALUES (1, '${canonical(plan).replaceAll("'", "''")}')`)
    } catch (error) {
      throw storageError(path, error)
    } finally {
      store.close()
    }
  }

  /** Opens a run's store. Throws `not-found` or `not-intact`. */
  static open(run: RunFolder): ResultsStore {
    const damaged = (cause: unknown) =>
      new RepriseError('not-intact', `results.sqlite cannot be read (${(cause as Error).message})`, {
        subject: `run ${run.id}`,
        remedy: 'Restore it from a copy, or run the experiment again',
        cause,
      })
    if (!existsSync(run.results)) {
      throw new RepriseError('not-found', 'has no results.sqlite', { subject: `run ${run.id}` })
    }
    try {
      const store = new ResultsStore(run.results)
      store.#durable()
      store.plan()
      return store
    } catch (cause) {
      throw damaged(cause)
    }
  }

  /** Sets and reads back what durability rests on. */
  #durable(): void {
    const mode = this.#prepare('PRAGMA journal_mode = WAL').get() as { journal_mode: string }
    this.#database.exec('PRAGMA synchronous = FULL')
    const level = this.#prepare('PRAGMA synchronous').get() as { synchronous: number }
    if (mode.journal_mode !== 'wal' || level.synchronous !== 2) {
      throw new Error(
        `SQLite does not keep WAL and synchronous=FULL here (${mode.journal_mode}, ${level.synchronous})`,
      )
    }
  }

  plan(): Plan {
    const row = this.#prepare('SELECT text FROM plan').get() as { text: string } | undefined
    if (row === undefined) throw new Error('it holds no plan')
    return JSON.parse(row.text) as Plan
  }

  /**
   * Adds chunks in one durable transaction. A chunk that is there already must have the same bytes. After an error
   * nothing is known of these chunks: the caller stops, and what is on disk decides at `resume`.
   */
  add(chunks: readonly ChunkDone[]): void {
    const known = this.#prepare('SELECT leaf FROM chunks WHERE chunk = ?')
    const insert = this.#prepare('INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?)')
    this.#transaction(() => {
      for (const { chunk, bytes, leaf, failed, ms, engine, stacks } of chunks) {
        const before = known.get(chunk) as { leaf: string } | undefined
        if (before === undefined) {
          insert.run(
            chunk,
            bytes,
            leaf,
            failed,
            ms,
            engine,
            stacks.length === 0 ? null : JSON.stringify(stacks),
          )
        } else if (before.leaf !== leaf) {
          throw new RepriseError('divergent', `executed twice, it gave ${before.leaf} and ${leaf}`, {
            subject: `chunk ${chunk}`,
            remedy: 'Its code depends on something beside its seed; the first bytes are kept',
          })
        }
      }
    })
  }

  addEvent(time: Date, kind: EventKind, body: Readonly<Record<string, unknown>>): void {
    const insert = this.#prepare('INSERT INTO events (time, kind, body) VALUES (?, ?, ?)')
    this.#transaction(() => insert.run(time.toISOString(), kind, canonical(body)))
  }

  events(): RunEvent[] {
    const rows = this.#prepare('SELECT seq, time, kind, body FROM events ORDER BY seq').all()
    return (rows as { seq: number; time: string; kind: EventKind; body: string }[]).map((row) => ({
      ...row,
      body: JSON.parse(row.body),
    }))
  }

  counts(): Counts {
    const sql = 'SELECT count(*) AS chunks, coalesce(sum(failed), 0) AS failedJobs FROM chunks'
    return this.#prepare(sql).get() as unknown as Counts
  }

  /** Indices of the chunks that are there, ascending. */
  *present(): Generator<number> {
    for (const { chunk } of this.#pages<{ chunk: number }>('chunk', PAGE_INDICES)) yield chunk
  }

  /** Chunks with their bytes, ascending. */
  chunks(): Generator<StoredChunk> {
    return this.#pages<StoredChunk>('chunk, CAST(bytes AS BLOB) AS bytes, leaf, failed', PAGE_CHUNKS)
  }

  /** From here on everything is read as it is now, whatever is added meanwhile. */
  freeze(): void {
    this.#database.exec('BEGIN')
    this.counts()
  }

  /** Rows by pages: between two of them nothing is open, however long the reader takes. */
  *#pages<Row extends { chunk: number }>(columns: string, size: number): Generator<Row> {
    const statement = this.#prepare(
      `SELECT ${columns} FROM chunks WHERE chunk > ? ORDER BY chunk LIMIT ${size}`,
    )
    for (let last = -1; ; ) {
      const page = statement.all(last) as unknown as Row[]
      yield* page
      if (page.length < size) return
      last = page.at(-1)!.chunk
    }
  }

  bytes(chunk: number): Uint8Array | null {
    const sql = 'SELECT CAST(bytes AS BLOB) AS bytes FROM chunks WHERE chunk = ?'
    return (this.#prepare(sql).get(chunk) as { bytes: Uint8Array } | undefined)?.bytes ?? null
  }

  /** Where failed jobs threw: provenance kept beside the results. */
  stacks(limit: number): { chunk: number; job: number; stack: string }[] {
    const rows = this.#prepare(
      'SELECT chunk, stacks FROM chunks WHERE stacks IS NOT NULL ORDER BY chunk LIMIT ?',
    ).all(limit)
    return (rows as { chunk: number; stacks: string }[])
      .flatMap(({ chunk, stacks }) =>
        (JSON.parse(stacks) as { job: number; stack: string }[]).map((s) => ({ chunk, ...s })),
      )
      .slice(0, limit)
  }

  /** Leaves a request for the process that executes the run. */
  request(time: Date, kind: 'cancel'): void {
    this.#transaction(() =>
      this.#prepare('INSERT INTO requests (time, kind) VALUES (?, ?)').run(time.toISOString(), kind),
    )
  }

  /** Number of requests so far: whoever executes the run heeds those that come after it began. */
  requests(): number {
    return (this.#prepare('SELECT count(*) AS n FROM requests').get() as { n: number }).n
  }

  #transaction(action: () => void): void {
    try {
      this.#database.exec('BEGIN IMMEDIATE')
      this.#wrote = true
      action()
      this.#database.exec('COMMIT')
    } catch (error) {
      try {
        this.#database.exec('ROLLBACK')
      } catch {} // the first error is the one to tell
      throw error instanceof RepriseError ? error : storageError(this.#path, error)
    }
  }

  #prepare(sql: string): StatementSyncInstance {
    const known = this.#statements.get(sql)
    if (known !== undefined) return known
    const statement = this.#database.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }

  /** Closes; whoever wrote leaves all of it in results.sqlite itself, unless a reader is at it just now. */
  close(): void {
    if (this.#wrote) {
      try {
        this.#database.exec('PRAGMA busy_timeout = 500; PRAGMA wal_checkpoint(TRUNCATE)')
      } catch {} // it is durable in the log beside it
    }
    this.#statements.clear()
    this.#database.close()
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
