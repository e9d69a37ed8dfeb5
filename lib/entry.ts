/**
 * An entry of the ledger: what happened, as canonical JSON whose exact bytes are kept (FORMAT.md §12). `prev` is the
 * leaf hash of the entry before; the tree over all entries says the same, so it is a second, independent chain.
 */
import { canonical, parseCanonical } from './canonical.ts'
import { utf8 } from './digest.ts'
import { RepriseError } from './errors.ts'
import { decode, type Json } from './values.ts'

export const ENTRY_FORMAT = 'reprise/entry/1'

/** What an entry may tell. */
export const ENTRY_KINDS = [
  'ledger-opened', // the first: the ledger's origin, and the key that signs
  'registered', // an experiment and its capsule, before any result
  'run-started',
  'run-resumed',
  'run-aborted', // stopped, cancelled, failed, diverged, or short of chunks
  'run-sealed',
  'rerun-identical',
  'rerun-divergent',
  'rerun-incomplete',
  'exported',
  'witness-added',
  'timestamped',
  'note',
  'key-rotated',
] as const

export type EntryKind = (typeof ENTRY_KINDS)[number]

/** An entry is at most so many bytes; readers refuse larger ones. */
export const MAX_ENTRY_BYTES = 500_000

export interface Entry {
  readonly format: typeof ENTRY_FORMAT
  /** From 0. */
  readonly seq: number
  /** Leaf hash (hex) of the entry before; null in the first. */
  readonly prev: string | null
  /** UTC, RFC 3339, to the millisecond. */
  readonly time: string
  readonly kind: EntryKind
  readonly body: Readonly<Record<string, Json>>
}

/** An entry's bytes. */
export function entryBytes(entry: Omit<Entry, 'format'>): Uint8Array {
  return utf8(canonical({ format: ENTRY_FORMAT, ...entry }))
}

const TIME = /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/

/** Whether a text is a time as entries have it: UTC, to the millisecond, of a day that exists. */
export function isEntryTime(text: string): boolean {
  const [, year, month, day] = TIME.exec(text) ?? []
  if (day === undefined) return false
  const leap = Number(year) % 4 === 0 && (Number(year) % 100 !== 0 || Number(year) % 400 === 0)
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  return Number(day) <= days[Number(month) - 1]!
}

/** Reads an entry: canonical JSON with exactly these keys. A kind of a later version is let through. Throws `not-intact`. */
export function parseEntry(bytes: Uint8Array): Entry {
  const json = parseCanonical(bytes)
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw bad('is no object')
  const entry = json as Readonly<Record<string, unknown>>
  if (Object.keys(entry).join() !== 'body,format,kind,prev,seq,time')
    throw bad('has other keys than an entry')
  const { format, seq, prev, time, kind, body } = entry
  if (format !== ENTRY_FORMAT) throw bad('is of another format')
  if (!Number.isSafeInteger(seq) || (seq as number) < 0) throw bad('has no number')
  if (prev !== null && !(typeof prev === 'string' && /^[0-9a-f]{64}$/.test(prev)))
    throw bad('has no hash before it')
  if (typeof time !== 'string' || !isEntryTime(time)) throw bad('has no time')
  if (typeof kind !== 'string' || !/^[a-z][a-z-]{0,40}$/.test(kind)) throw bad('has no kind')
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw bad('has no body')
  decode(body as Json) // tags and keys are those of values
  return json as unknown as Entry
}

function bad(what: string): RepriseError {
  return new RepriseError('not-intact', what, { subject: 'entry' })
}
