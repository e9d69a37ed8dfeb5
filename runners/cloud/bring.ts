/**
 * Brings what tasks need into the store of their run: the program that they run, the capsule and the inputs, each under a key that
 * is its SHA-256. What is there already is let be, so that whoever comes after a crash does the same again.
 */
import { statSync } from 'node:fs'
import { contentKey, programKey } from '../array/layout.ts'
import type { FileStore } from '../array/store.ts'

export interface Brought {
  /** Objects that were not there, and bytes in them. */
  readonly objects: number
  readonly bytes: number
}

export interface ToBring {
  readonly program: { readonly bytes: Buffer; readonly sha256: string }
  /** Paths of the capsule and of inputs, by SHA-256. */
  readonly content: Readonly<Record<string, string>>
}

/** Once it is told to stop, no more is put. Throws `storage`. */
export async function bring(
  store: FileStore,
  { program, content }: ToBring,
  signal: AbortSignal,
): Promise<Brought> {
  let [objects, bytes] = [0, 0]
  const count = (put: boolean, size: number) => {
    if (!put) return
    objects++
    bytes += size
  }
  if (!signal.aborted) count(await store.put(programKey(program.sha256), program.bytes), program.bytes.length)
  for (const [sha256, path] of Object.entries(content))
    if (!signal.aborted) count(await store.putFile(contentKey(sha256), path), statSync(path).size)
  return { objects, bytes }
}
