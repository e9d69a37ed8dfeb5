/** What a page and the workers that execute chunks (engine.ts) say to each other, over a port that user code does not have. */
import type { Code } from '../verification/judgement.ts'

/** The one message to a new worker; the port comes with it. */
export type Begin = Code

/** To an engine: the index of a chunk. */
export type Order = number

export type Told =
  | { readonly kind: 'ready' }
  /** The code could not be loaded: no chunk is to blame, and other engines would fare no better. */
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'done'; readonly chunk: number; readonly bytes: Uint8Array }
  | { readonly kind: 'failed'; readonly chunk: number; readonly why: string }

/** Characters of what user code threw. */
const LONGEST = 500

/** What came over a port, or null where it is nothing that an engine says: the code beside it is anybody's. */
export function told(data: unknown): Told | null {
  if (typeof data !== 'object' || data === null) return null
  const { kind, chunk, bytes, why } = data as Readonly<Record<string, unknown>>
  if (kind === 'ready') return { kind }
  if (kind === 'refused' && typeof why === 'string') return { kind, why: why.slice(0, LONGEST) }
  if (typeof chunk !== 'number') return null
  if (kind === 'done' && bytes instanceof Uint8Array) return { kind, chunk, bytes }
  if (kind === 'failed' && typeof why === 'string') return { kind, chunk, why: why.slice(0, LONGEST) }
  return null
}
