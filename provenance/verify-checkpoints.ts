/**
 * Verification of every checkpoint that a ledger's file keeps, not only of the last: each is over the entries that stood
 * then, signed by the key that was theirs. Registrations are proven under older ones.
 */
import { parseCheckpoint } from '../lib/checkpoint.ts'
import { toHex } from '../lib/digest.ts'
import { parseEntry } from '../lib/entry.ts'
import { RepriseError } from '../lib/errors.ts'
import { leafHash, RootBuilder } from '../lib/merkle.ts'
import { parseNote, parseVerifierKey, signersOf } from '../lib/note.ts'
import { parseLedgerText } from './ledger-text.ts'
import type { Problem } from './verify.ts'

/** A row of the table: the number of entries, and the note. */
export interface StoredCheckpoint {
  readonly size: number
  readonly note: string
}

/** Problems told one by one. */
const MOST = 100

/** What is wrong with checkpoints (ascending) of the ledger in this text; nothing where its entries cannot be read. */
export function checkpointProblems(text: Uint8Array, rows: readonly StoredCheckpoint[]): Problem[] {
  const problems: Problem[] = []
  try {
    const builder = new RootBuilder()
    const next = rows.values()
    let row = next.next()
    let key = ''
    let size = 0
    for (const bytes of parseLedgerText(text).entries) {
      const { kind, body } = parseEntry(bytes)
      if (size === 0 || kind === 'key-rotated') key = String(size === 0 ? body.key : body.to)
      builder.add(leafHash(bytes))
      size++
      for (; row.value !== undefined && row.value.size <= size; row = next.next()) {
        const what = row.value.size < size ? 'is over no entries' : wrong(row.value, builder.root(), key)
        if (what !== null) problems.push({ where: `checkpoint over ${row.value.size}`, what })
        if (problems.length === MOST) return problems
      }
    }
  } catch (error) {
    if (!(error instanceof RepriseError)) throw error
  }
  return problems
}

function wrong({ size, note }: StoredCheckpoint, root: Uint8Array, key: string): string | null {
  try {
    const parsed = parseNote(note)
    const head = parseCheckpoint(parsed.text)
    if (head.size !== size || toHex(head.root) !== toHex(root))
      return 'is not over the entries that stood then'
    if (parsed.signatures.length !== 1 || signersOf(parsed, [parseVerifierKey(key)]).length !== 1)
      return 'is not signed by the key of that time'
    return null
  } catch (error) {
    if (!(error instanceof RepriseError)) throw error
    return error.message
  }
}
