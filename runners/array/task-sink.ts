/** What the pool of a task tells: it is recorded, chunks are counted, and memory is looked at while the engines still live. */
import { ChunkSet } from '../chunk-set.ts'
import type { Probed, Sink } from '../runner.ts'

export interface TaskSink extends Sink {
  /** Chunks so far. */
  readonly delivered: number
  /** How many are to come, and who else is told of probes. */
  expect(chunks: number, probed: (found: Probed) => void): void
}

export function taskSink(recorded: Sink, look: () => void): TaskSink {
  const delivered = new ChunkSet()
  let expected = 0
  let alsoProbed: (found: Probed) => void = () => {}
  return {
    ...recorded,
    get delivered() {
      return delivered.size
    },
    expect(chunks, probed) {
      expected = chunks
      alsoProbed = probed
    },
    chunk(done) {
      recorded.chunk(done)
      if (delivered.add(done.chunk) && delivered.size === expected) look()
    },
    probed(found) {
      recorded.probed?.(found)
      alsoProbed(found)
    },
  }
}
