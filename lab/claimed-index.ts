/** Which chunk a line of chunk bytes says that it is. A claim and no more: whoever reads it checks the bytes. */
import { MAX_CHUNKS } from '../lib/document.ts'

/** Bytes in which it is said. */
const HEAD = 24

/** The index at the beginning of chunk bytes; null where there is none that could be one. */
export function claimedIndex(bytes: Uint8Array): number | null {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, HEAD))
  const index = Number(/^\{"chunk":(0|[1-9]\d{0,8}),/.exec(head)?.[1] ?? MAX_CHUNKS)
  return index < MAX_CHUNKS ? index : null
}
