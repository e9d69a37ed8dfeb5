/**
 * A journal as it is sent: all whole records from a place on, segment after segment, at the pace of whoever reads, and
 * last a record that says that for now there is no more. With `follow`, that is only when nobody executes the run any more.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { readSegment, segmentsIn } from './journal.ts'
import { encodeRecord } from './record.ts'
import { farRun } from './status.ts'

/** Up to where a journal was read. */
export interface Position {
  /** 0 before the first. */
  readonly segment: number
  readonly offset: number
}

export const BEGINNING: Position = { segment: 0, offset: 0 }

const PIECE_BYTES = 2 ** 20
const LOOK_MS = 250

export async function* journalFrom(
  folder: string,
  from: Position,
  follow: boolean,
  signal?: AbortSignal,
): AsyncGenerator<Buffer> {
  let { segment, offset } = from
  while (signal?.aborted !== true) {
    const { state, reason } = farRun(folder) // looked at before what it could still write is read
    const next = segmentsIn(folder).find((n) => n > segment)
    if (segment > 0 && segmentsIn(folder).includes(segment)) {
      for (let more = true; more; ) {
        const { piece, end, full } = wholeRecords(folder, segment, offset)
        offset = end
        more = full
        if (piece.length > 0) yield piece
      }
    }
    if (next !== undefined) [segment, offset] = [next, 0]
    else if (state !== 'running' || !follow) {
      yield encodeRecord({ type: 'caught-up', state, reason })
      return
    } else await sleep(LOOK_MS)
  }
}

/** A piece of the segment; `full` where there may be more. */
function wholeRecords(folder: string, segment: number, offset: number) {
  const found: Buffer[] = []
  let size = 0
  const end = readSegment(folder, segment, offset, ({ bytes }) => {
    found.push(bytes)
    size += bytes.length
    return size < PIECE_BYTES
  })
  return { piece: Buffer.concat(found), end, full: size >= PIECE_BYTES }
}
