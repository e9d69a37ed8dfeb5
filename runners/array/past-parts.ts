/** What earlier attempts of a task have put: those chunks are done. A part that is not what its name says counts for nothing. */
import { RepriseError } from '../../lib/errors.ts'
import { ChunkSet } from '../chunk-set.ts'
import { getPart } from './get-part.ts'
import { taskPrefix } from './layout.ts'
import { type PartPlace, readPart } from './parts.ts'
import type { Store } from './store.ts'

/** The chunks of a batch that are there; of what is left out, `ignored` is told in words. Throws `storage`. */
export async function doneBefore(
  store: Store,
  { array, index }: PartPlace,
  batch: ChunkSet,
  ignored: (words: string) => void,
): Promise<ChunkSet> {
  const done = new ChunkSet()
  for (const key of await store.list(taskPrefix(array, index))) {
    try {
      const bytes = await getPart(store, key)
      if (bytes === null) continue
      for (const told of readPart(key, bytes))
        if (told.type === 'chunk' && batch.has(told.done.chunk)) done.add(told.done.chunk)
    } catch (error) {
      if (!(error instanceof RepriseError) || error.code === 'storage') throw error
      ignored(`ignored what an earlier attempt put: ${error.line}`)
    }
  }
  return done
}
