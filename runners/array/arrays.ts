/**
 * What is known of each array of a run: what its tasks are to do, whether it was submitted, and how its tasks are doing. All of
 * it but the last is in the store, and is read again from there after a restart.
 */
import { RepriseError } from '../../lib/errors.ts'
import { ChunkSet } from '../chunk-set.ts'
import { chunksIn, chunksOf, rangesOf } from '../detached/submission.ts'
import type { TaskEnded } from '../detached/told.ts'
import type { TaskLook, TaskState } from './engine.ts'
import { type ArrayTasks, handleKey, orderKey } from './layout.ts'
import { parseOrder } from './order.ts'
import type { Batch } from './planner.ts'
import type { Store } from './store.ts'

export interface KnownTask {
  readonly index: number
  /** All that it executes. */
  readonly batch: Batch
  /** Those that no later array has: which come back when it is over. */
  readonly own: Batch
  readonly size: number
  /** Writers of its parts, in the order in which they were met. */
  readonly writers: Set<string>
  /** Chunks in its parts. */
  delivered: number
  /** Chunks that it gave up by itself. */
  gaveUp: number
  /** What it said of itself at its end; of the last attempt that came to one. */
  ended: TaskEnded | null
  /** What the scheduler said last; null where it never knew it. */
  look: TaskLook | null
  /** Since when the scheduler does not know it, and at how many looks, ms. */
  absent: { since: number; looks: number } | null
  /** Since when it runs, as the scheduler says or we saw first, ms since 1970; null where it never did, or nobody looked. */
  runs: number | null
  /** How long it took, ms, once it was told that it is over; null before. */
  took: number | null
  /** Since when it is over, ms. */
  over: { since: number; state: TaskState } | null
  /** It is over, and what it left behind has come back. */
  judged: boolean
  /** The sink was told that it is over. */
  told: boolean
}

export interface KnownArray {
  readonly array: number
  readonly name: string
  readonly tasks: readonly KnownTask[]
  /**
   * By which the engine is asked about it. Null: it is not known whether it was submitted. Empty: it was not, or the engine has
   * forgotten it, and nobody is to ask.
   */
  handle: string | null
}

/** A task that nothing is known of yet. */
export function freshTask(index: number, batch: Batch, own: Batch = batch): KnownTask {
  return {
    ...{ index, batch, own, size: chunksIn(batch), writers: new Set<string>() },
    ...{
      delivered: 0,
      gaveUp: 0,
      ended: null,
      look: null,
      absent: null,
      runs: null,
      took: null,
      over: null,
      judged: false,
      told: false,
    },
  }
}

export interface ReadArrays {
  readonly arrays: KnownArray[]
  /** Chunks that their tasks have. */
  readonly has: ChunkSet
}

/** All arrays of a store, by number; `isOver` says of which tasks nothing is to be expected. Throws `not-intact`, `storage`. */
export async function readArrays(
  store: Store,
  hash: string,
  isOver: (array: number, index: number) => boolean,
): Promise<ReadArrays> {
  const numbers = (await store.list('arrays/')).flatMap((key) => {
    const found = /^arrays\/([1-9]\d{0,8})\/order\.json$/.exec(key)
    return found === null ? [] : [Number(found[1])]
  })
  const arrays: KnownArray[] = []
  const has = new ChunkSet()
  for (const array of numbers.sort((a, b) => b - a)) {
    const [order, handle] = await orderOf(store, array)
    if (order.hash !== hash) throw another(array)
    const tasks = order.tasks.map((batch, index) => {
      const over = handle === '' || isOver(array, index)
      const task = freshTask(index, batch, over ? [] : without(batch, has))
      if (over) Object.assign(task, { judged: true, told: true })
      return task
    })
    for (const { own } of tasks) for (const chunk of chunksOf(own)) has.add(chunk)
    arrays.unshift({ array, name: order.name, tasks, handle })
  }
  return { arrays, has }
}

async function orderOf(store: Store, array: number): Promise<[ArrayTasks, string | null]> {
  const [order, handle] = [await store.get(orderKey(array)), await store.get(handleKey(array))]
  if (order === null) throw new RepriseError('storage', 'is gone', { subject: orderKey(array) })
  return [parseOrder(array, order), handle?.toString('utf8') ?? null]
}

/** Those that no later array has; the same batch where that is all of it. */
function without(batch: Batch, has: ChunkSet): Batch {
  const own: number[] = []
  for (const chunk of chunksOf(batch)) if (!has.has(chunk)) own.push(chunk)
  return own.length === chunksIn(batch) ? batch : rangesOf(own)
}

function another(array: number): RepriseError {
  return new RepriseError('not-intact', 'is of another experiment', {
    subject: orderKey(array),
    remedy: 'The folder of a run is that of one experiment; see who changed it',
  })
}
