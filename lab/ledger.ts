/**
 * The ledger of a lab: where an entry is made. Entries are only ever added, each in one durable transaction with the
 * checkpoint that the user's key signs over all of them; before that, what is there must be what the last checkpoint
 * says, and must go on from the checkpoint that is remembered outside the lab.
 */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { type Checkpoint, checkpointText, parseCheckpoint } from '../lib/checkpoint.ts'
import { toHex } from '../lib/digest.ts'
import { type Entry, type EntryKind, entryBytes } from '../lib/entry.ts'
import { RepriseError } from '../lib/errors.ts'
import { inclusionProof } from '../lib/inclusion.ts'
import { leafHash, merkleRoot } from '../lib/merkle.ts'
import { parseNote, type Signer, signNote, verifierKeyText } from '../lib/note.ts'
import { tlogProofText } from '../lib/tlog-proof.ts'
import type { Json } from '../lib/values.ts'
import { Database } from './database.ts'
import { storageError } from './durable.ts'
import { ownKey, rotationsFrom } from './key.ts'
import { type Lab, makeLab } from './lab.ts'
import { remember, remembered, rememberedHere } from './remembered.ts'

const SCHEMA = `
CREATE TABLE IF NOT EXISTS entries (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS checkpoints (size INTEGER PRIMARY KEY, note TEXT NOT NULL) STRICT;
${['entries', 'checkpoints']
  .flatMap((table) =>
    ['UPDATE', 'DELETE'].map(
      (verb) =>
        `CREATE TRIGGER IF NOT EXISTS ${table}_${verb} BEFORE ${verb} ON ${table} BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;`,
    ),
  )
  .join('\n')}
`

export type EntryBody = Readonly<Record<string, Json>>

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

/** An entry with what proves it. */
export interface ProvenEntry {
  readonly entry: Entry
  /** Its exact text. */
  readonly text: string
  /** Its tlog-proof, with the signed checkpoint in it. */
  readonly log: string
  /** The key that signed the checkpoint. */
  readonly key: string
}

/** The lab's ledger; null where none was begun. Throws `not-intact` for one that was changed or is an older copy. */
export function readLedger(lab: Lab): LedgerView | null {
  if (!existsSync(lab.ledger)) return absent(lab)
  const database = openLedger(lab)
  try {
    return look(lab, database)
  } finally {
    database.close()
  }
}

/**
 * Adds an entry of this kind; the first also opens the ledger. Where `isSame` finds one of the kind that says the same
 * already, that one is proven and nothing is added. Throws `not-intact` or `storage`; then nothing was added.
 */
export function appendEntry(
  lab: Lab,
  kind: EntryKind,
  body: EntryBody,
  time: Date,
  isSame: (body: EntryBody) => boolean = () => false,
): ProvenEntry {
  makeLab(lab)
  const signer = ownKey()
  const database = openLedger(lab)
  let made: ProvenEntry | null = null
  let view: LedgerView | null = null
  try {
    database.exec(SCHEMA)
    database.transaction(() => {
      const before = look(lab, database)
      const known = before?.entries.find((entry) => entry.kind === kind && isSame(entry.body))
      if (before !== null && known !== undefined) made = provenEntry(before, known.seq)
      else {
        view = added(database, before, { kind, body }, time, signer)
        made = provenEntry(view, view.entries.length - 1)
      }
    })
  } catch (error) {
    throw error instanceof RepriseError ? error : storageError(lab.ledger, error)
  } finally {
    database.close()
  }
  if (view !== null) remember(lab, view)
  return made!
}

/** An entry with its proof in the ledger as it is seen here. */
export function provenEntry(view: LedgerView, seq: number): ProvenEntry {
  const path = inclusionProof(view.bytes.map(leafHash), seq)
  return {
    entry: view.entries[seq]!,
    text: new TextDecoder().decode(view.bytes[seq]),
    log: tlogProofText({ index: seq, path, checkpoint: view.checkpoint }),
    key: view.key,
  }
}

/** The ledger as it was when it had `size` entries: with the checkpoint that was signed then. Throws `not-found`. */
export function viewAt(lab: Lab, view: LedgerView, size: number): LedgerView {
  const database = openLedger(lab)
  try {
    const row = database.prepare('SELECT note FROM checkpoints WHERE size = ?').get(size)
    if (row === undefined)
      throw new RepriseError('not-found', `no checkpoint over ${size} entries`, { subject: 'ledger' })
    const { note } = row as { note: string }
    return viewOf(view.bytes.slice(0, size), note)
  } finally {
    database.close()
  }
}

function openLedger(lab: Lab): Database {
  try {
    const database = new Database(lab.ledger)
    database.makeDurable()
    return database
  } catch (error) {
    throw /not a database|malformed|corrupt/i.test((error as Error).message)
      ? damaged((error as Error).message)
      : storageError(lab.ledger, error)
  }
}

/** Reads the ledger and holds it against its own checkpoint and the remembered one. */
function look(lab: Lab, database: Database): LedgerView | null {
  const tables = database.prepare(
    "SELECT count(*) AS n FROM sqlite_master WHERE name IN ('entries', 'checkpoints')",
  )
  if ((tables.get() as { n: number }).n < 2) return absent(lab)
  const rows = database.prepare('SELECT CAST(bytes AS BLOB) AS bytes FROM entries ORDER BY seq').all()
  if (rows.length === 0) return absent(lab)
  const last = database.prepare('SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1').get()
  const bytes = (rows as { bytes: Uint8Array }[]).map((row) => row.bytes)
  let view: LedgerView
  try {
    view = viewOf(bytes, (last as { note: string }).note)
  } catch (error) {
    throw damaged((error as Error).message)
  }
  const leaves = bytes.map(leafHash)
  if (view.head.size !== bytes.length || toHex(view.head.root) !== toHex(merkleRoot(leaves)))
    throw damaged('its entries are not those under its checkpoint')
  const known = remembered(view.head.origin)
  if (known === null) return view
  if (known.size > bytes.length) throw older(known.size, bytes.length)
  if (toHex(merkleRoot(leaves.slice(0, known.size))) !== toHex(known.root))
    throw damaged(`its first ${known.size} entries are not those that were there before`)
  return view
}

function viewOf(bytes: readonly Uint8Array[], checkpoint: string): LedgerView {
  const entries = bytes.map((entry) => JSON.parse(new TextDecoder().decode(entry)) as Entry)
  const rotated = entries.findLast((entry) => entry.kind === 'key-rotated')
  const key = String(rotated?.body.to ?? entries[0]?.body.key)
  return { bytes, entries, checkpoint, head: parseCheckpoint(parseNote(checkpoint).text), key }
}

/** No ledger is there. That is so only at the beginning; one that is gone is not silently begun anew. */
function absent(lab: Lab): null {
  const known = rememberedHere(lab)
  if (known !== null) throw older(known.size, 0)
  return null
}

/** Adds what is due and the entry, and the checkpoint over all. Only inside a transaction. */
function added(
  database: Database,
  before: LedgerView | null,
  { kind, body }: { kind: EntryKind; body: EntryBody },
  time: Date,
  signer: Signer,
): LedgerView {
  const bytes = [...(before?.bytes ?? [])]
  const own = verifierKeyText(signer.key)
  const origin = before?.head.origin ?? `reprise/ledger/${toHex(randomBytes(16))}`
  let last = before?.entries.at(-1)?.time ?? ''
  const add = (entryKind: EntryKind, entryBody: EntryBody) => {
    const now = time.toISOString()
    if (now > last) last = now // a clock that went back does not take the ledger with it
    const prev = bytes.length === 0 ? null : toHex(leafHash(bytes.at(-1)!))
    const entry = entryBytes({ seq: bytes.length, prev, time: last, kind: entryKind, body: entryBody })
    database.prepare('INSERT INTO entries VALUES (?, ?)').run(bytes.length, entry)
    bytes.push(entry)
  }
  if (before === null) add('ledger-opened', { origin, key: own })
  else if (before.key !== own) addRotations(before.key, own, add)
  add(kind, body)
  const checkpoint = signNote(
    checkpointText({ origin, size: bytes.length, root: merkleRoot(bytes.map(leafHash)) }),
    signer,
  )
  database.prepare('INSERT INTO checkpoints VALUES (?, ?)').run(bytes.length, checkpoint)
  return viewOf(bytes, checkpoint)
}

/** The user's key is another than the one that signed so far: by its owner's own statements, or without any. */
function addRotations(from: string, own: string, add: (kind: EntryKind, body: EntryBody) => void): void {
  const statements = rotationsFrom(from)
  if (statements === null) add('key-rotated', { from, to: own, statement: null })
  for (const statement of statements ?? []) {
    const [, older, newer] = statement.split('\n')
    add('key-rotated', { from: older!, to: newer!, statement })
  }
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
