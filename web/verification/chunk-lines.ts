/** Chunk bytes as a page holds them: one chunk a line (canonical JSON has no line feed), ascending by index. */
import { RepriseError } from '../../lib/errors.ts'

export interface Line {
  readonly chunk: number
  readonly bytes: Uint8Array
}

/** Characters in which a line says which chunk it is. */
const HEAD = 40

/** The chunks in these lines. Throws `not-intact` at the first line that says of no chunk that it is it. */
export function* chunkLines(lines: Uint8Array): Generator<Line> {
  const decoder = new TextDecoder()
  for (let from = 0; from < lines.length; ) {
    const end = lines.indexOf(10, from)
    const bytes = lines.subarray(from, end < 0 ? lines.length : end)
    const [, digits] = /^\{"chunk":(0|[1-9]\d{0,14}),/.exec(decoder.decode(bytes.subarray(0, HEAD))) ?? []
    if (digits === undefined)
      throw new RepriseError('not-intact', `holds a line at byte ${from} that is no chunk`, {
        subject: 'chunks',
      })
    yield { chunk: Number(digits), bytes }
    from = end < 0 ? lines.length : end + 1
  }
}

/** The bytes of one chunk; null where they are not among the lines, or not before a line that cannot be read. */
export function chunkIn(lines: Uint8Array, chunk: number): Uint8Array | null {
  try {
    for (const line of chunkLines(lines)) if (line.chunk === chunk) return line.bytes
  } catch (error) {
    if (!(error instanceof RepriseError)) throw error
  }
  return null
}
