/**
 * The ledger of a lab: where an entry is made. Entries are only ever added, each in one durable transaction with the
 * checkpoint that the user's key signs over all of them; before that, what is there must be what the last checkpoint
 * says, and must go on from the checkpoint that is remembered outside the lab.
 */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { checkpointText } from '../lib/checkpoint.ts'
import { toHex } from '../lib/digest.ts'
import { type Entry, type EntryKind, entryBytes, MAX_ENTRY_BYTES } from '../lib/entry.ts'
import { RepriseError } from '../lib/errors.ts'
import { inclusionProof } from '../lib/inclusion.ts'
import { leafHash, merkleRoot } from '../lib/merkle.ts'
import { type Signer, signNote, verifierKeyText } from '../lib/note.ts'
import { tlogProofText } from '../lib/tlog-proof.ts'
import type { Json } from '../lib/values.ts'
import type { Database } from './database.ts'
import { storageError } from './durable.ts'
import { ownKey, rotationsFrom } from './key.ts'
import { type Lab, makeLab } from './lab.ts'
import {
  absent,
  demandSigned,
  knownHeads,
  type LedgerView,
  look,
  openLedger,
  SCHEMA,
  viewOf,
} from './ledger-store.ts'
import { acceptedKeys, remember, rememberedHere } from './remembered.ts'
import { demandSealedHere } from './sealed-here.ts'

export type { LedgerView } from './ledger-store.ts'

/** Characters of an experiment's name in an entry. */
const MOST_NAME = 200

export type EntryBody = Readonly<Record<string, Json>>

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
  const here = rememberedHere(lab)
  if (!existsSync(lab.ledger)) return absent(here)
  const database = openLedger(lab)
  try {
    const known = knownHeads(lab, database)
    database.freeze()
    return look(database, known)
  } finally {
    database.close()
  }
}

/** Sees, before anything is planned, that an entry can be made: the ledger is whole, and there is a key to sign it. */
export function demandLedger(lab: Lab): void {
  const own = verifierKeyText(ownKey().key)
  const view = readLedger(lab)
  demandSealedHere(lab, view?.head.origin ?? null)
  if (view !== null && view.key !== own) demandSuccession(view, own)
}

/**
 * Adds an entry of this kind; the first also opens the ledger. Where `isSame` finds one of the kind that says the same
 * already, that one is proven and nothing is added. Throws `not-intact` or `storage`; then nothing was added, unless
 * it was only the remembering of the new head that failed.
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
  if (!existsSync(lab.ledger)) absent(rememberedHere(lab)) // before an empty one is made
  const database = openLedger(lab)
  let made: ProvenEntry | null = null
  let view: LedgerView | null = null
  try {
    database.transaction(() => {
      const before = look(database, knownHeads(lab, database))
      const known = before?.entries.find((entry) => entry.kind === kind && isSame(entry.body))
      if (before !== null && known !== undefined) made = provenEntry(before, known.seq)
      else {
        database.exec(SCHEMA) // what is refused is left as it was
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

/** The ledger as it was when it had `size` entries: with the checkpoint that was signed then. Throws `not-found`, `not-intact`. */
export function viewAt(lab: Lab, view: LedgerView, size: number): LedgerView {
  const database = openLedger(lab)
  try {
    const row = database.prepare('SELECT note FROM checkpoints WHERE size = ?').get(size)
    if (row === undefined)
      throw new RepriseError('not-found', `no checkpoint over ${size} entries`, { subject: 'ledger' })
    const { note } = row as { note: string }
    return demandSigned(view.bytes.slice(0, size), note)
  } finally {
    database.close()
  }
}

/** An experiment's name as entries have it; the hash beside it binds the whole. */
export function entryName(name: string): string {
  return name.length <= MOST_NAME ? name : `${name.slice(0, MOST_NAME).toWellFormed()}…`
}

function tooLarge(kind: EntryKind): RepriseError {
  return new RepriseError('usage', `would be larger than ${MAX_ENTRY_BYTES} bytes; nothing was added`, {
    subject: `ledger entry ${kind}`,
    remedy: 'Say less',
  })
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
    if (entry.length > MAX_ENTRY_BYTES) throw tooLarge(entryKind)
    database.prepare('INSERT INTO entries VALUES (?, ?)').run(bytes.length, entry)
    bytes.push(entry)
  }
  if (before === null) add('ledger-opened', { origin, key: own })
  else if (before.key !== own) {
    demandSuccession(before, own)
    addRotations(before.key, own, add)
  }
  add(kind, body)
  const checkpoint = signNote(
    checkpointText({ origin, size: bytes.length, root: merkleRoot(bytes.map(leafHash)) }),
    signer,
  )
  database.prepare('INSERT INTO checkpoints VALUES (?, ?)').run(bytes.length, checkpoint)
  return viewOf(bytes, checkpoint)
}

/**
 * Who signs over a ledger vouches for all of it: entries of a key that neither led to the user's own nor was accepted by
 * the user may be anybody's, so nothing is signed over them.
 */
function demandSuccession({ key, head }: LedgerView, own: string): void {
  if (rotationsFrom(key) !== null || acceptedKeys(head.origin).includes(key)) return
  throw new RepriseError('refused', `was signed last by a key that is not yours (${own}): ${key}`, {
    subject: 'ledger',
    remedy: `If that is the key of somebody who shares this lab, or one that you lost: reprise ledger --accept-key '${key}'`,
  })
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
