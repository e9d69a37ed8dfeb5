/**
 * The file of a lab's ledger, and the ledger as it is in it at one moment: entries and checkpoints that triggers keep
 * from being changed or removed, held against the checkpoint that is signed over them and those that are remembered.
 */
import { type Checkpoint, parseCheckpoint } from '../lib/checkpoint.ts'
import { toHex } from '../lib/digest.ts'
import { type Entry, parseEntry } from '../lib/entry.ts'
import { RepriseError } from '../lib/errors.ts'
import { leafHash, merkleRoot } from '../lib/merkle.ts'
import { parseNote, parseVerifierKey, signersOf } from '../lib/note.ts'
import { Database } from './database.ts'
import { storageError } from './durable.ts'
import type { Lab } from './lab.ts'
import { remembered, rememberedHere } from './remembered.ts'

/** An INSERT OR REPLACE deletes without a trigger on DELETE: hence the third. */
function triggers(table: string, key: string): string {
  const conditions = {
    UPDATE: '',
    DELETE: '',
    INSERT: `WHEN EXISTS (SELECT 1 FROM ${table} WHERE ${key} = NEW.${key})`,
  }
  return Object.entries(conditions)
    .map(
      ([verb, when]) =>
        `CREATE TRIGGER IF NOT EXISTS ${table}_${verb} BEFORE ${verb} ON ${table} ${when} BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;`,
    )
    .join('\n')
}

export const SCHEMA = `
CREATE TABLE IF NOT EXISTS entries (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS checkpoints (size INTEGER PRIMARY KEY, note TEXT NOT NULL) STRICT;
${triggers('entries', 'seq')}
${triggers('checkpoints', 'size')}
`

/** A ledger as it is at one moment. */
export interface LedgerView {
  /** Exact bytes. */
  readonly bytes: readonly Uint8Array[]
  readonly entries: readonly Entry[]
  /** The signed note over all of them. */
  readonly checkpoint: string
  readonly head: Checkpoint
  readonly key: string
}

/** Opens the file; it is made where there is none. Throws `not-intact` or `storage`. */
export function openLedger(lab: Lab): Database {
  try {
    if (lab.readOnly === true) return Database.toLook(lab.ledger)
    const database = new Database(lab.ledger)
    database.makeDurable()
    return database
  } catch (error) {
    throw /not a database|malformed|corrupt/i.test((error as Error).message)
      ? damaged((error as Error).message)
      : storageError(lab.ledger, error)
  }
}

/** Heads that are remembered: the lab's own, then the user's. They never run ahead of the ledger, so they are read first. */
export type Known = readonly [here: Checkpoint | null, own: Checkpoint | null]

export function knownHeads(lab: Lab, database: Database): Known {
  const here = rememberedHere(lab)
  if (!hasTables(database)) return [here, null]
  const first = database.prepare('SELECT CAST(bytes AS BLOB) AS bytes FROM entries WHERE seq = 0').get()
  if (first === undefined) return [here, null]
  try {
    const { body } = parseEntry((first as { bytes: Uint8Array }).bytes)
    return [here, remembered(String(body.origin))]
  } catch (error) {
    if (!(error instanceof RepriseError) || error.code !== 'not-intact') throw error
    throw error.subject === 'entry' || error.subject === '' ? damaged(`entry 0 ${error.message}`) : error
  }
}

/** True where both are tables themselves: a view by their name could go on for ever. */
export function hasTables(database: Database): boolean {
  const tables = database.prepare(
    "SELECT count(*) AS n FROM sqlite_master WHERE name IN ('entries', 'checkpoints') AND type = 'table' AND sql LIKE 'CREATE TABLE %'",
  )
  return (tables.get() as { n: number }).n === 2
}

/** Reads the ledger and holds it against its own checkpoint and those that are remembered. */
export function look(database: Database, known: Known): LedgerView | null {
  if (!hasTables(database)) return absent(known[0])
  const rows = database.prepare('SELECT CAST(bytes AS BLOB) AS bytes FROM entries ORDER BY seq').all()
  if (rows.length === 0) return absent(known[0])
  const last = database.prepare('SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1').get()
  const bytes = (rows as { bytes: Uint8Array }[]).map((row) => row.bytes)
  if (last === undefined) throw damaged('it has no checkpoint')
  const { note } = last as { note: string }
  const view = demandSigned(bytes, note)
  const leaves = bytes.map(leafHash)
  for (const head of known) if (head !== null) demandGoesOn(head, view.head.origin, leaves)
  return view
}

/** The ledger of these entries, when the checkpoint is over them and signed by their key. Throws `not-intact`. */
export function demandSigned(bytes: readonly Uint8Array[], note: string): LedgerView {
  let view: LedgerView
  let signed: boolean
  try {
    view = viewOf(bytes, note)
    signed = signersOf(parseNote(note), [parseVerifierKey(view.key)]).length === 1
  } catch (error) {
    throw damaged((error as Error).message)
  }
  if (view.head.size !== bytes.length || toHex(view.head.root) !== toHex(merkleRoot(bytes.map(leafHash))))
    throw damaged('its entries are not those under its checkpoint')
  if (!signed) throw damaged('its checkpoint is not signed by the key that its entries name')
  return view
}

/** What was there before must be there still, and first. */
function demandGoesOn(
  { origin, size, root }: Checkpoint,
  found: string,
  leaves: readonly Uint8Array[],
): void {
  if (origin !== found) throw damaged('it is another ledger than the one that was here before')
  if (size > leaves.length) throw older(size, leaves.length)
  if (toHex(merkleRoot(leaves.slice(0, size))) !== toHex(root))
    throw damaged(`its first ${size} entries are not those that were there before`)
}

export function viewOf(bytes: readonly Uint8Array[], checkpoint: string): LedgerView {
  const entries = bytes.map(parseEntry)
  const rotated = entries.findLast((entry) => entry.kind === 'key-rotated')
  const key = String(rotated?.body.to ?? entries[0]?.body.key)
  return { bytes, entries, checkpoint, head: parseCheckpoint(parseNote(checkpoint).text), key }
}

/** No ledger is there. That is so only at the beginning; one that is gone is not silently begun anew. */
export function absent(known: Checkpoint | null): null {
  if (known !== null) throw older(known.size, 0)
  return null
}

function damaged(what: string): RepriseError {
  return new RepriseError('not-intact', what, {
    subject: 'ledger',
    remedy: 'Restore ledger.sqlite from a copy; what manifests prove is not touched by this',
  })
}

function older(known: number, found: number): RepriseError {
  return new RepriseError(
    'not-intact',
    `is an older copy: ${found} entries, where there were ${known} already`,
    {
      subject: 'ledger',
      remedy: 'Put the newest ledger.sqlite and checkpoint back into the lab',
    },
  )
}
