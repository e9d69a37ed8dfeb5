/** Labs with a ledger and a config folder of their own, and hands that change the ledger’s file. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { ownPublicKeys } from '../../lab/key.ts'
import type { Lab } from '../../lab/lab.ts'
import { appendEntry, readLedger } from '../../lab/ledger.ts'
import { findLedger } from '../../lab/ledger-file.ts'
import type { VerifierKey } from '../../lib/note.ts'
import { type LedgerVerification, verifyLedger } from '../../provenance/verify-ledger.ts'
import { temporaryFolder, temporaryLab } from './run.ts'

/** A lab, and a config folder of its own. */
export function freshLab(t: TestContext): Lab {
  process.env.XDG_CONFIG_HOME = temporaryFolder(t)
  return temporaryLab(t)
}

export function add(lab: Lab, text: string, time = new Date()) {
  return appendEntry(lab, 'note', { text, about: null }, time)
}

export function notes(lab: Lab): unknown[] {
  const view = readLedger(lab)
  return (view?.entries ?? []).filter(({ kind }) => kind === 'note').map(({ body }) => body.text)
}

/** Verifies the file as verify does, with what is remembered. */
export function verified(lab: Lab, trusted: readonly VerifierKey[] = ownPublicKeys()): LedgerVerification {
  const { bytes, known, checkpoints } = findLedger(lab.ledger)!
  return verifyLedger(bytes, { keys: trusted, demanded: true }, known, checkpoints)
}

export function assertWhole(lab: Lab, what = ''): void {
  const { problems, valid } = verified(lab)
  assert.deepEqual([valid, problems], [true, []], what)
}

export function change(lab: Lab, action: (database: DatabaseSyncInstance) => void): void {
  const database = new DatabaseSync(lab.ledger)
  try {
    action(database)
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  } finally {
    database.close()
  }
}
