/**
 * Which chunks go together into a task, and which tasks into an array: pure, over ranges, so that millions of chunks cost
 * no more than their gaps. It decides how long a task takes and nothing else: no seed and no result knows of it (law 1).
 */
import { type ChunkRange, chunksIn } from '../detached/submission.ts'

/** What one task executes, in order. */
export type Batch = readonly ChunkRange[]

/** How large tasks are to be. */
export interface Sizing {
  /** How long a chunk takes on one engine, ms; null where nobody knows yet. */
  readonly chunkMs: number | null
  /** Engines of a task. */
  readonly engines: number
  /** How long a task is to take, ms. */
  readonly taskMs: number
}

export interface Work {
  /** Chunks that may go into whatever task there is, in their order. */
  readonly free: Batch
  /** Tasks that are settled already: parts of what was too much for one, or suspects. */
  readonly batches: readonly Batch[]
}

/** The tasks of the next array, and what is left for others. */
export interface Planned extends Work {
  readonly tasks: readonly Batch[]
}

/** Tasks that find out how long a chunk takes. */
export const SCOUTS = 4

/** A chunk takes this long at least, ms: what is faster is not measured by one. */
const LEAST_MS = 0.05

/** Chunks of a task, so that all of its engines are at work for the time that it is to take. */
export function batchSize({ chunkMs, engines, taskMs }: Sizing): number {
  if (chunkMs === null) return engines
  return engines * Math.max(1, Math.floor(taskMs / Math.max(chunkMs, LEAST_MS)))
}

/** At most `room` tasks of what is to be done. Without any measure the free chunks are left, but for scouts. */
export function planArray({ free, batches }: Work, sizing: Sizing, room: number, scout: boolean): Planned {
  const first = batches.slice(0, room)
  const rest = batches.slice(room)
  const places = room - first.length
  if (sizing.chunkMs !== null) {
    const cut = cutTasks(free, batchSize(sizing), places)
    return { tasks: [...first, ...cut.tasks], free: cut.rest, batches: rest }
  }
  if (!scout) return { tasks: first, free, batches: rest }
  const cut = scoutTasks(free, sizing.engines, Math.min(SCOUTS, places))
  return { tasks: [...first, ...cut.tasks], free: cut.rest, batches: rest }
}

interface Cut {
  readonly tasks: readonly Batch[]
  readonly rest: Batch
}

/** Tasks of so many chunks each, from the front; the last one may have fewer. */
export function cutTasks(ranges: Batch, size: number, most: number): Cut {
  const tasks: ChunkRange[][] = []
  let [task, room]: [ChunkRange[], number] = [[], size]
  let [at, head] = [0, ranges[0]]
  while (head !== undefined && tasks.length < most) {
    const [taken, left] = split(head, room)
    task.push(taken)
    room -= chunksIn([taken])
    if (left === null) head = ranges[++at]
    else head = left
    if (room > 0 && head !== undefined) continue
    tasks.push(task)
    ;[task, room] = [[], size]
  }
  return { tasks, rest: head === undefined ? [] : [head, ...ranges.slice(at + 1)] }
}

/** A few tasks of so many chunks, spread evenly over all of them, since those of one point may all take equally long. */
export function scoutTasks(ranges: Batch, size: number, most: number): Cut {
  const all = chunksIn(ranges)
  if (most < 1) return { tasks: [], rest: ranges }
  if (all <= size * most || most === 1) return cutTasks(ranges, size, most)
  const tasks: Batch[] = []
  const rest: ChunkRange[] = []
  let [left, passed]: [Batch, number] = [ranges, 0]
  for (let n = 0; n < most; n++) {
    const from = Math.floor((n * (all - size)) / (most - 1))
    const [before, onwards] = divide(left, from - passed)
    const [task, after] = divide(onwards, size)
    rest.push(...before)
    tasks.push(task)
    ;[left, passed] = [after, from + size]
  }
  return { tasks, rest: [...rest, ...left] }
}

/** A batch in two of about one size; of one chunk, as it is. */
export function halves(batch: Batch): readonly Batch[] {
  const size = chunksIn(batch)
  return size < 2 ? [batch] : divide(batch, Math.ceil(size / 2))
}

/** The first so many chunks, and those after them. */
function divide(ranges: Batch, count: number): [before: Batch, after: Batch] {
  const before: ChunkRange[] = []
  let room = count
  for (const [at, range] of ranges.entries()) {
    if (room === 0) return [before, ranges.slice(at)]
    const [taken, left] = split(range, room)
    before.push(taken)
    room -= chunksIn([taken])
    if (left !== null) return [before, [left, ...ranges.slice(at + 1)]]
  }
  return [before, []]
}

/** The first `count` chunks of a range or fewer, which is at least one, and what is left of it. */
function split(range: ChunkRange, count: number): [taken: ChunkRange, left: ChunkRange | null] {
  const [first, last] = range
  if (chunksIn([range]) <= count) return [range, null]
  const step = first <= last ? 1 : -1
  const end = first + step * (count - 1)
  return [
    [first, end],
    [end + step, last],
  ]
}
