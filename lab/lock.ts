/**
 * One process at a time may execute a run. The lock is the operating system's, held through an open SQLite
 * transaction: it ends with the process however that ends, so there is never a stale one to remove.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { RepriseError } from '../lib/errors.ts'
import { storageError } from './durable.ts'
import type { RunFolder } from './lab.ts'

export interface Holder {
  readonly pid: number
  readonly host: string
  readonly since: string
  /** It only collects what a cluster executes. */
  readonly collects?: true
}

export interface Lock {
  release(): void
}

/** Somebody who only looks is at the lock for a moment; whoever is still there after this, ms, has it. */
const WAIT_MS = 1_000

/** Locks that this process has: a connection that nobody holds on to is collected, and its lock with it. */
const held = new Set<DatabaseSyncInstance>()

/** Takes the run's lock. Throws `busy` with the holder when another process has it. */
export function lockRun(run: RunFolder, time: Date, collects = false): Lock {
  const database = new DatabaseSync(run.lock, { timeout: WAIT_MS })
  try {
    database.exec('BEGIN EXCLUSIVE')
    const holder: Holder = {
      pid: process.pid,
      host: hostname(),
      since: time.toISOString(),
      ...(collects ? { collects } : {}),
    }
    writeFileSync(run.holder, JSON.stringify(holder))
  } catch (error) {
    const holder = isBusy(error) ? readHolder(run) : null
    database.close()
    if (!isBusy(error)) throw storageError(run.lock, error)
    const who =
      holder === null ? 'another process' : `process ${holder.pid} on ${holder.host}, since ${holder.since}`
    const collected = holder?.collects === true
    throw new RepriseError('busy', `is being ${collected ? 'collected' : 'executed'} by ${who}`, {
      subject: `run ${run.id}`,
      remedy: collected
        ? `What it gets is here too: reprise status ${run.id}`
        : `See reprise watch ${run.id}, or end it with reprise cancel ${run.id}`,
    })
  }
  held.add(database)
  return {
    release() {
      held.delete(database)
      try {
        database.exec('ROLLBACK')
      } finally {
        database.close()
      }
    },
  }
}

/** Who executes the run now, or null. It only reads, so that two who look do not see each other. */
export function lockHolder(run: RunFolder): Holder | null {
  if (!existsSync(run.lock)) return null
  const database = new DatabaseSync(run.lock, { timeout: 0 })
  try {
    database.exec('SELECT count(*) FROM sqlite_master')
    return null
  } catch (error) {
    if (!isBusy(error)) throw storageError(run.lock, error)
    return readHolder(run) ?? { pid: 0, host: '', since: '' }
  } finally {
    database.close()
  }
}

function readHolder(run: RunFolder): Holder | null {
  try {
    return JSON.parse(readFileSync(run.holder, 'utf8')) as Holder
  } catch {
    return null
  }
}

function isBusy(error: unknown): boolean {
  return /database is locked|SQLITE_BUSY/i.test(String((error as Error).message))
}
