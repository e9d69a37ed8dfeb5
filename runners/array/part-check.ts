/** A part is of use only where it tells of what its task was asked for, by engines that it has told of. */
import { RepriseError } from '../../lib/errors.ts'
import { couldBe } from '../chunk-bytes.ts'
import type { Told } from '../detached/told.ts'
import type { Batch } from './planner.ts'

/** Throws `not-intact`. `knows`: engines that earlier parts of the same attempt told of. */
export function checkPart(
  key: string,
  told: readonly Told[],
  batch: Batch,
  knows: (engine: number) => boolean,
): void {
  const isIn = membership(batch)
  const introduced = new Set<number>()
  for (const one of told) {
    if (one.type === 'engine') introduced.add(one.started.engine)
    if (one.type === 'set-aside' && !isIn(one.chunk))
      throw bad(key, `gives up chunk ${one.chunk}, which its task was not asked for`)
    if (one.type !== 'chunk') continue
    const { chunk, engine, failed, bytes } = one.done
    if (!isIn(chunk)) throw bad(key, `holds chunk ${chunk}, which its task was not asked for`)
    if (!couldBe(chunk, failed, bytes)) throw bad(key, `holds what is not the bytes of chunk ${chunk}`)
    if (!introduced.has(engine) && !knows(engine))
      throw bad(key, `holds a chunk of an engine that it does not tell of`)
  }
}

/** Whether a chunk is in a batch, which may be of as many ranges as chunks: by bisection. */
function membership(batch: Batch): (chunk: number) => boolean {
  const ranges = batch.map(([first, last]) => [Math.min(first, last), Math.max(first, last)] as const)
  ranges.sort(([a], [b]) => a - b)
  return (chunk) => {
    let [low, high] = [0, ranges.length] // the first range that begins above the chunk is in low … high
    while (low < high) {
      const middle = (low + high) >> 1
      if (ranges[middle]![0] <= chunk) low = middle + 1
      else high = middle
    }
    return low > 0 && chunk <= ranges[low - 1]![1]
  }
}

function bad(key: string, what: string): RepriseError {
  return new RepriseError('not-intact', what, {
    subject: key.slice(0, 200),
    remedy: 'What it may hold is executed again',
  })
}
