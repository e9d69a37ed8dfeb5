/**
 * Chunks that are given a second time. When nothing waits any more, an engine that would idle may take over what
 * another host would be noticeably longer about, or has gone silent with: whoever is first is what counts, and what
 * comes twice is compared like all that comes twice (law 4). On one machine it would only take the other's processor.
 */

/** What there is to know of an engine. */
export interface Holder {
  readonly process: { readonly host?: string; readonly latencyMs?: number }
  /** Its chunks, in its order. */
  readonly outstanding: readonly number[]
  /** It has a chunk under suspicion: one lost engine at a time is enough for that. */
  readonly alone: boolean
  readonly chunkMs: number | null
  readonly heardAt: number
  /** When it came to the first of its chunks, as far as is known here. */
  readonly begunAt: number
}

/** Several beats long. */
const SILENT_MS = 5_000
/** What must be gained at least, ms, beyond half of the time that the copies take. */
const WORTH_MS = 200

/** What `idle` should take of the others' chunks, last first, so that two who share a batch meet in the middle. */
export function secondCopies(
  idle: Holder,
  engines: Iterable<Holder>,
  isTaboo: (chunk: number) => boolean,
  now: number,
): number[] {
  let best: number[] = []
  let longest = 0
  for (const holder of engines) {
    if (holder.process.host === undefined || holder.process.host === idle.process.host) continue
    if (holder.alone || holder.outstanding.length === 0) continue
    const left = timeLeft(holder, idle.chunkMs, now)
    if (left === null || left <= longest) continue
    const copies = worthTaking(holder, idle, left, isTaboo)
    if (copies.length === 0) continue
    best = copies
    longest = left
  }
  return best
}

/** How long it will be about all that it has, ms; null where nothing is known yet. */
function timeLeft(holder: Holder, otherMs: number | null, now: number): number | null {
  if (now - holder.heardAt > SILENT_MS) return Number.POSITIVE_INFINITY
  const each = holder.chunkMs ?? otherMs
  if (each === null) return null
  const first = Math.abs(each - (now - holder.begunAt)) // overdue: as long again as it is late
  return first + (holder.outstanding.length - 1) * each
}

function worthTaking(
  holder: Holder,
  idle: Holder,
  left: number,
  isTaboo: (chunk: number) => boolean,
): number[] {
  const theirs = holder.chunkMs ?? idle.chunkMs ?? 0
  const mine = idle.chunkMs ?? theirs
  const copies: number[] = []
  let until = left
  for (const chunk of holder.outstanding.toReversed()) {
    const takes = mine * (copies.length + 1) + (idle.process.latencyMs ?? 0)
    if (until < WORTH_MS + 1.5 * takes) break
    if (!isTaboo(chunk)) copies.push(chunk)
    until -= theirs
  }
  return copies
}
