/**
 * Ledgers as users name them: that of the lab, a `ledger.sqlite` of another, or a file that was exported from one. All
 * are brought to the one text that is verified.
 */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { utf8 } from '../lib/digest.ts'
import { RepriseError } from '../lib/errors.ts'
import { ledgerText, looksLikeLedger, MAX_LEDGER_BYTES } from '../provenance/ledger-text.ts'
import type { StoredCheckpoint } from '../provenance/verify-checkpoints.ts'
import { Database } from './database.ts'
import { storageError } from './durable.ts'
import type { Lab } from './lab.ts'
import { labAt } from './lab.ts'
import { hasTables } from './ledger-store.ts'
import { firstBytes } from './record.ts'
import { rememberedNote } from './remembered.ts'

/** A ledger's text, and the checkpoints of it that are remembered here. */
export interface LedgerFile {
  readonly bytes: Uint8Array
  readonly known: readonly string[]
  /** All that were signed, where they are kept; the last is in the text. */
  readonly checkpoints: readonly StoredCheckpoint[]
}

const SQLITE = 'SQLite format 3\0'

/** The ledger in the file of this name; null where the file is none. Throws `not-intact` for one that cannot be read. */
export function findLedger(path: string): LedgerFile | null {
  if (!existsSync(path) || !statSync(path).isFile()) return null
  const start = firstBytes(path, 16)
  if (new TextDecoder().decode(start) === SQLITE) return storedLedger(path, labAt(dirname(path)))
  if (!looksLikeLedger(start)) return null
  if (statSync(path).size > MAX_LEDGER_BYTES)
    throw new RepriseError('not-intact', `is larger than ${MAX_LEDGER_BYTES} bytes`, { subject: path })
  const bytes = readFileSync(path)
  return { bytes, known: knownOf(bytes, null), checkpoints: [] }
}

/** The text of what `ledger.sqlite` holds, whatever it is: to be verified, not believed. */
function storedLedger(path: string, lab: Lab): LedgerFile {
  const copy = mkdtempSync(join(tmpdir(), 'reprise-ledger-')) // for a folder in which nothing can be written
  try {
    try {
      return readStored(path, lab)
    } catch (error) {
      if (!isClosed(error)) throw error
      const name = join(copy, 'ledger.sqlite')
      for (const end of ['', '-wal'])
        if (existsSync(`${path}${end}`)) copyFileSync(`${path}${end}`, `${name}${end}`)
      return readStored(name, lab)
    }
  } catch (cause) {
    if (isClosed(cause)) throw storageError(path, cause)
    throw new RepriseError('not-intact', `holds no ledger that can be read (${(cause as Error).message})`, {
      subject: path,
      remedy: 'Restore it from a copy',
      cause,
    })
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

/** The file system does not let SQLite at the file: that says nothing of what is in it. */
function isClosed(error: unknown): boolean {
  const { message, code } = error as NodeJS.ErrnoException
  return (
    /unable to open|readonly|disk I\/O/i.test(message) || ['EACCES', 'EPERM', 'ENOSPC'].includes(code ?? '')
  )
}

function readStored(path: string, lab: Lab): LedgerFile {
  const database = new Database(path, { readOnly: true })
  try {
    if (!hasTables(database)) throw new Error('it has no tables of entries and checkpoints')
    const first = database.prepare('SELECT note FROM checkpoints ORDER BY size LIMIT 1').get()
    const known = knownOf(utf8((first as { note: string } | undefined)?.note ?? ''), lab)
    database.freeze() // after what is remembered was read: it never runs ahead of the ledger
    const rows = database.prepare('SELECT CAST(bytes AS BLOB) AS bytes FROM entries ORDER BY seq').all()
    const heads = database.prepare('SELECT size, CAST(note AS TEXT) AS note FROM checkpoints ORDER BY size')
    const checkpoints = heads.all() as unknown as StoredCheckpoint[]
    const last = checkpoints.at(-1)
    if (last === undefined) throw new Error('it has no checkpoint')
    const entries = (rows as { bytes: Uint8Array }[]).map((row) => row.bytes)
    return { bytes: utf8(ledgerText({ entries, checkpoint: last.note })), known, checkpoints }
  } finally {
    database.close()
  }
}

/** Checkpoints of this ledger that are remembered: by the user, and in the lab. */
function knownOf(bytes: Uint8Array, lab: Lab | null): string[] {
  const origin = /^reprise\/ledger\/[0-9a-f]{32}$/m.exec(new TextDecoder().decode(bytes.subarray(-4096)))?.[0]
  const mine = origin === undefined ? null : rememberedNote(origin)
  const beside = lab !== null && existsSync(lab.checkpoint) ? readFileSync(lab.checkpoint, 'utf8') : null
  return [mine, beside].filter((note) => note !== null)
}
