/**
 * The port of a shared store: what the tasks of an array write, and whoever collects reads, wherever both are. Bytes are
 * put under a key once and never changed; what is there is whole and durable. A folder that all nodes see is one, an
 * object store another.
 */
import { RepriseError } from '../../lib/errors.ts'

export interface Store {
  /**
   * Puts bytes under a key; they are durable when this settles. False, and nothing changed, where the key is taken.
   * Throws `storage`.
   */
  put(key: string, bytes: Uint8Array): Promise<boolean>
  /** The bytes; null where there is no such key. Throws `storage`. */
  get(key: string): Promise<Buffer | null>
  /** All keys that begin so, ascending by bytes; keys that come while this is asked may be missing. Throws `storage`. */
  list(prefix: string): Promise<string[]>
  /** Removes all keys that begin so. */
  remove(prefix: string): Promise<void>
}

/** A store that large content is put into as well, without ever being in memory whole. */
export interface FileStore extends Store {
  /** Puts a file's content under a key; false where the key is taken. Throws `storage`. */
  putFile(key: string, path: string): Promise<boolean>
  /** Writes the content to a new file; false where there is no such key. Throws `storage`, or `not-intact`, and leaves no file. */
  getFile(key: string, path: string): Promise<boolean>
}

/** Keys are parts of letters, digits, `.`, `_` and `-`, parted by `/`; no part begins with a dot. */
export const KEY = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/
/** What a key may begin with: whole parts, and the beginning of one. */
export const BEGINNING = /^([A-Za-z0-9_-][A-Za-z0-9._-]*\/)*([A-Za-z0-9_-][A-Za-z0-9._-]*)?$/

/** Throws `storage` for what is no key. */
export function demandKey(key: string): void {
  if (!KEY.test(key)) throw new RepriseError('storage', 'is no key of a store', { subject: shown(key) })
}

/** Throws `storage` for what no key begins with. */
export function demandBeginning(prefix: string): void {
  if (!BEGINNING.test(prefix))
    throw new RepriseError('storage', 'is no beginning of a key', { subject: shown(prefix) })
}

function shown(key: string): string {
  return JSON.stringify(String(key).slice(0, 100))
}
