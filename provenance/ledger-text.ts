/**
 * A ledger as one file, to hand on: the exact bytes of its entries, a line each (canonical JSON has no line feed), an
 * empty line, and the last signed checkpoint (FORMAT.md §12). Every byte of it is covered by a hash or a signature.
 */
import { MAX_ENTRY_BYTES } from '../lib/entry.ts'
import { RepriseError } from '../lib/errors.ts'

/** A larger file is no ledger. */
export const MAX_LEDGER_BYTES = 512 * 2 ** 20

export interface LedgerText {
  /** The exact bytes of each entry. */
  readonly entries: readonly Uint8Array[]
  /** A signed note. */
  readonly checkpoint: string
}

export function ledgerText({ entries, checkpoint }: LedgerText): string {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  return `${entries.map((entry) => `${decoder.decode(entry)}\n`).join('')}\n${checkpoint}`
}

/** Whether these are the first bytes of a ledger's file. */
export function looksLikeLedger(bytes: Uint8Array): boolean {
  return new TextDecoder().decode(bytes.subarray(0, 9)) === '{"body":{'
}

/** Reads the file of a ledger; nothing in it is checked yet. Throws `not-intact`. */
export function parseLedgerText(bytes: Uint8Array): LedgerText {
  if (bytes.length > MAX_LEDGER_BYTES) throw bad(`is larger than ${MAX_LEDGER_BYTES} bytes`)
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf('\n\n')
  if (at < 0) throw bad('has no checkpoint at its end')
  const entries = linesOf(bytes.subarray(0, at))
  if (entries.some((line) => line.length > MAX_ENTRY_BYTES))
    throw bad(`has an entry of more than ${MAX_ENTRY_BYTES} bytes`)
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
    return { entries, checkpoint: decoder.decode(bytes.subarray(at + 2)) }
  } catch {
    throw bad('has a checkpoint that is not UTF-8')
  }
}

/** What lies between line feeds. */
function linesOf(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = []
  for (let from = 0; ; ) {
    const end = bytes.indexOf(10, from)
    lines.push(bytes.subarray(from, end < 0 ? bytes.length : end))
    if (end < 0) return lines
    from = end + 1
  }
}

function bad(what: string): RepriseError {
  return new RepriseError('not-intact', what, {
    subject: 'ledger',
    remedy: 'Get the ledger again from its source',
  })
}
