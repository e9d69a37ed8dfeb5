/**
 * The head of a ledger as the text of a note (c2sp.org/tlog-checkpoint@v1): its origin, how many entries, and their
 * root. Lines after these are not written here, and refused.
 */
import { fromBase64, toBase64 } from './base64.ts'
import { RepriseError } from './errors.ts'

export interface Checkpoint {
  /** The ledger's name, the same for ever. */
  readonly origin: string
  /** Entries. */
  readonly size: number
  /** RFC 6962 root over the entries: 32 bytes. */
  readonly root: Uint8Array
}

export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${toBase64(root)}\n`
}

/** Reads the text of a checkpoint; anything but its one form is refused with `not-intact`. */
export function parseCheckpoint(text: string): Checkpoint {
  const [, origin, digits, encoded] =
    /^([^\n]{1,255})\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/=]{44})\n$/.exec(text) ?? []
  const size = Number(digits)
  if (origin === undefined || !Number.isSafeInteger(size)) throw bad('is not an origin, a size and a root')
  const root = fromBase64(encoded!)
  if (root.length !== 32) throw bad('has a root of another length')
  return { origin, size, root }
}

function bad(what: string): RepriseError {
  return new RepriseError('not-intact', what, { subject: 'checkpoint' })
}
