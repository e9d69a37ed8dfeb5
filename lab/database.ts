/**
 * One SQLite file, kept so that what is committed stays: WAL, synchronous=FULL, both read back. Law 3 rests on this
 * file.
 */
import { statSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { DatabaseSync, type DatabaseSyncInstance, type StatementSyncInstance } from '@photostructure/sqlite'
import { RepriseError } from '../lib/errors.ts'
import { storageError } from './durable.ts'

export class Database {
  readonly #database: DatabaseSyncInstance
  readonly #path: string
  /** Statements by their text, held on to: rows of one that is collected while it is read are lost. */
  readonly #statements = new Map<string, StatementSyncInstance>()
  #wrote = false
  #frozen = false
  #inside = false

  constructor(path: string, options: { readonly readOnly?: boolean; readonly settled?: boolean } = {}) {
    this.#path = path
    const { readOnly = false, settled = false } = options
    this.#database = new DatabaseSync(settled ? settledUrl(path) : path, { readOnly })
    this.#database.exec('PRAGMA busy_timeout = 10000')
  }

  /**
   * Opens a file so that looking changes nothing. Where all of it is in the file itself, SQLite is told that nobody writes it,
   * or it would put files of its own beside it and leave them there; else what lies beside it is read, and left. To be closed
   * soon: what somebody begins to write meanwhile is not seen.
   */
  static toLook(path: string): Database {
    const log = statSync(`${path}-wal`, { throwIfNoEntry: false })
    return new Database(path, { readOnly: true, settled: log === undefined || log.size === 0 })
  }

  /**
   * Makes a new file by `sql`, in one transaction, and closes it. It prepares no statement: one that is not yet collected would keep the
   * file open under the name that its folder had then.
   */
  static create(path: string, sql: string): void {
    const database = new Database(path)
    try {
      database.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
      database.#database.exec(`BEGIN; ${sql}; COMMIT`) // or each statement waits for the disk
    } catch (error) {
      throw storageError(path, error)
    } finally {
      database.close()
    }
  }

  /** Sets and reads back what durability rests on. */
  makeDurable(): void {
    const mode = this.prepare('PRAGMA journal_mode = WAL').get() as { journal_mode: string }
    this.#database.exec('PRAGMA synchronous = FULL')
    const level = this.prepare('PRAGMA synchronous').get() as { synchronous: number }
    if (mode.journal_mode !== 'wal' || level.synchronous !== 2) {
      throw new Error(
        `SQLite does not keep WAL and synchronous=FULL here (${mode.journal_mode}, ${level.synchronous})`,
      )
    }
  }

  /** Statements that give no rows. */
  exec(sql: string): void {
    this.#database.exec(sql)
  }

  prepare(sql: string): StatementSyncInstance {
    const known = this.#statements.get(sql)
    if (known !== undefined) return known
    const statement = this.#database.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }

  /**
   * All of `action` durably, or nothing of it; within another one, as a part of it. After an error that is not ours the
   * outcome is unknown: stop, reopen.
   */
  transaction(action: () => void): void {
    if (this.#inside) {
      action()
      return
    }
    this.#inside = true
    try {
      this.#database.exec('BEGIN IMMEDIATE')
      action()
      this.#database.exec('COMMIT')
      this.#wrote = true
    } catch (error) {
      try {
        this.#database.exec('ROLLBACK')
      } catch {} // the first error is the one to tell
      throw error instanceof RepriseError ? error : storageError(this.#path, error)
    } finally {
      this.#inside = false
    }
  }

  /** From here on everything is read as it is now, whatever is added meanwhile. */
  freeze(): void {
    this.#database.exec('BEGIN')
    this.#frozen = true
    this.prepare('SELECT count(*) FROM sqlite_master').get()
  }

  /** Closes; whoever wrote leaves all of it in the file itself, unless a reader is at it just now. */
  close(): void {
    // A statement that is not yet collected keeps a closed connection alive, and its view of the file with it.
    if (this.#frozen) this.#database.exec('ROLLBACK')
    if (this.#wrote) {
      try {
        this.#database.exec('PRAGMA busy_timeout = 500; PRAGMA wal_checkpoint(TRUNCATE)')
      } catch {} // it is durable in the log beside it
    }
    this.#statements.clear()
    this.#database.close()
  }
}

function settledUrl(path: string): string {
  return `${pathToFileURL(path).href}?immutable=1`
}
