/**
 * The tables of a run's store, and how a store of an earlier version becomes one of today: in one transaction, by whoever
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

/**
 * Tasks of a scheduler that are over, and which engines were theirs. `session` is the first in which the journal that tells of
 * them was collected: their engines' numbers, and jobs' names, mean one thing from there until another journal.
 */
const THIRD = `
CREATE TABLE tasks (
  task INTEGER PRIMARY KEY, session INTEGER NOT NULL, job TEXT NOT NULL, restarts INTEGER NOT NULL,
  scheduler TEXT NOT NULL, cluster TEXT, node TEXT, state TEXT NOT NULL, words TEXT, started TEXT, ended TEXT,
  cpuMs INTEGER, maxRssBytes INTEGER, measured TEXT, chunks INTEGER NOT NULL, UNIQUE (session, job, restarts)) STRICT;
CREATE TABLE task_engines (
  engine INTEGER, session INTEGER, task INTEGER NOT NULL, PRIMARY KEY (engine, session)) STRICT, WITHOUT ROWID;
CREATE TABLE journals (journal TEXT PRIMARY KEY, session INTEGER NOT NULL) STRICT, WITHOUT ROWID;
PRAGMA user_version = 2;
`

/** In which image of a container a task ran. */
const FOURTH = `
ALTER TABLE tasks ADD COLUMN image TEXT;
PRAGMA user_version = 3;
`

/** What makes of each version's store the next one's. */
const STEPS = [SECOND, THIRD, FOURTH]

export const SCHEMA = [FIRST, ...STEPS].join('')

/** Whether the store says who executed a chunk and where, and has replicas. */
export function tellsMakers(database: Database): boolean {
  return versionOf(database) >= 1
}

/** Whether the store tells of a scheduler's tasks. */
export function tellsTasks(database: Database): boolean {
  return versionOf(database) >= 2
}

/** Whether it tells in which images they ran. */
export function tellsImages(database: Database): boolean {
  return versionOf(database) >= 3
}

/** Gives a store of an earlier version the tables of today; nothing that it holds is changed. */
export function migrate(database: Database): void {
  if (versionOf(database) >= STEPS.length) return
  database.transaction(() => {
    for (const step of STEPS.slice(versionOf(database))) database.exec(step)
  })
}

function versionOf(database: Database): number {
  const { user_version } = database.prepare('PRAGMA user_version').get() as { user_version: number }
  return user_version
}
