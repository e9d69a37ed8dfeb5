/**
 * The tables of a run's store, and how a store of version 0.1 becomes one of today: in one transaction, by whoever
 * executes the run. Those who only read leave the file as it is.
 */
import type { Database } from './database.ts'

/** The tables of version 0.1. */
const FIRST = `
CREATE TABLE plan (one INTEGER PRIMARY KEY CHECK (one = 1), text TEXT NOT NULL) STRICT;
CREATE TABLE chunks (
  chunk INTEGER PRIMARY KEY, bytes BLOB NOT NULL, leaf TEXT NOT NULL, failed INTEGER NOT NULL,
  ms REAL NOT NULL, engine INTEGER NOT NULL, stacks TEXT);
CREATE TABLE events (seq INTEGER PRIMARY KEY, time TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL) STRICT;
CREATE TABLE requests (seq INTEGER PRIMARY KEY, time TEXT NOT NULL, kind TEXT NOT NULL) STRICT;
`

/**
 * What came after it: in which session and environment a chunk was executed, and what came of executing it again. A
 * replica keeps its bytes only where they are not the chunk's.
 */
const SECOND = `
ALTER TABLE chunks ADD COLUMN session INTEGER;
ALTER TABLE chunks ADD COLUMN environment INTEGER;
CREATE TABLE environments (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE replicas (
  chunk INTEGER NOT NULL, leaf TEXT NOT NULL, bytes BLOB, ms REAL NOT NULL, engine INTEGER NOT NULL,
  session INTEGER NOT NULL, environment INTEGER, PRIMARY KEY (chunk, leaf)) STRICT;
PRAGMA user_version = 1;
`

export const SCHEMA = `${FIRST}${SECOND}`

/** Whether the store has the tables of today. */
export function isCurrent(database: Database): boolean {
  const { user_version } = database.prepare('PRAGMA user_version').get() as { user_version: number }
  return user_version >= 1
}

/** Gives a store of version 0.1 the tables of today; nothing that it holds is changed. */
export function migrate(database: Database): void {
  if (isCurrent(database)) return
  database.transaction(() => {
    if (!isCurrent(database)) database.exec(SECOND)
  })
}
