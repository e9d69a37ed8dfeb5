/** Chunk bytes as a page holds them: one chunk a line (canonical JSON has no line feed), ascending by index, as in a bundle. */
import { claimedIndex } from '../../lab/claimed-index.ts'

export interface Line {
  /** As the line claims; one that claims nothing is taken for the next. */
  readonly chunk: number
  readonly bytes: Uint8Array
}

/** The chunks in these lines: whoever reads them checks them. */
export function* chunkLines(lines: Uint8Array): Generator<Line> {
  let last = -1
  for (let from = 0; from < lines.length; ) {
    const end = lines.indexOf(10, from)
    const bytes = lines.subarray(from, end < 0 ? lines.length : end)
    last = claimedIndex(bytes) ?? last + 1
    yield { chunk: last, bytes }
    from = end < 0 ? lines.length : end + 1
  }
}

/** The bytes of the first line that claims to be this chunk; null where none does. */
export function chunkIn(lines: Uint8Array, chunk: number): Uint8Array | null {
  for (const line of chunkLines(lines)) if (line.chunk === chunk) return line.bytes
  return null
}
