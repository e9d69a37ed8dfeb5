/**
 * The chunks of a store with their bytes, by pages: between two of them nothing is open, however long the reader takes, and
 * none is large, though a chunk may be a few bytes or megabytes.
 */
import { RepriseError } from '../lib/errors.ts'
import type { Database } from './database.ts'

export interface StoredChunk {
  readonly chunk: number
  readonly bytes: Uint8Array
  /** As it was acknowledged, hex. */
  readonly leaf: string
  readonly failed: number
}

/** As many chunks are read at once as are so many bytes, but not more than so many. */
const PAGE_BYTES = 2 ** 19
const PAGE_CHUNKS = 2_000

/** The last chunk of a page; null where already the first is larger than one. */
const END = `
SELECT max(chunk) AS chunk FROM (
  SELECT chunk, sum(size) OVER (ORDER BY chunk) AS total FROM (
    SELECT chunk, octet_length(bytes) AS size FROM chunks WHERE chunk > ? ORDER BY chunk LIMIT ${PAGE_CHUNKS}))
WHERE total <= ${PAGE_BYTES}`
const FIRST = 'SELECT min(chunk) AS chunk FROM chunks WHERE chunk > ?'
const ROWS = `
SELECT chunk, CAST(bytes AS BLOB) AS bytes, leaf, failed FROM chunks WHERE chunk > ? AND chunk <= ? ORDER BY chunk`

/** Ascending. */
export function* storedChunks(database: Database): Generator<StoredChunk> {
  const [end, first, rows] = [database.prepare(END), database.prepare(FIRST), database.prepare(ROWS)]
  for (let last = -1; ; ) {
    const to = readable(() => chunkOf(end.get(last)) ?? chunkOf(first.get(last)))
    if (to === null) return
    yield* readable(() => rows.all(last, to)) as unknown as StoredChunk[]
    last = to
  }
}

function chunkOf(row: unknown): number | null {
  return (row as { chunk: number | null }).chunk
}

/** A file that SQLite finds damaged is a record that is not intact. */
export function readable<T>(action: () => T): T {
  try {
    return action()
  } catch (cause) {
    const words = (cause as Error).message
    if (!/malformed|not a database|corrupt/i.test(words)) throw cause
    throw new RepriseError('not-intact', `cannot be read: ${words}`, {
      subject: 'results.sqlite',
      remedy: 'Restore it from a copy, or run the experiment again',
      cause,
    })
  }
}
