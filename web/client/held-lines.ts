/** The chunks that a page holds, one a line, in order. */
import type { ChunkLine } from '../../lab/chunk-lines.ts'

const LINE_FEED = 10

export function linesOf(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = []
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(LINE_FEED, start)
    lines.push(bytes.subarray(start, end < 0 ? bytes.length : end))
    start = end < 0 ? bytes.length : end + 1
  }
  return lines
}

export function numbered(lines: readonly Uint8Array[]): ChunkLine[] {
  return lines.map((bytes, chunk) => ({ chunk, bytes }))
}
