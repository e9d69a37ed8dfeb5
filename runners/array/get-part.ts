/**
 * Getting a part. One that cannot be had while the order of its array can is at fault by itself: too large, of somebody else, in an
 * archive, damaged on its disk. It must not keep all the others from being told; what it may hold is executed again.
 */
import { RepriseError } from '../../lib/errors.ts'
import { orderKey, PART } from './layout.ts'
import type { Store } from './store.ts'

/** Null where it is gone. Throws `not-intact` where it alone cannot be read, `storage` where the store cannot be. */
export async function getPart(store: Store, key: string): Promise<Buffer | null> {
  try {
    return await store.get(key)
  } catch (error) {
    const array = Number(PART.exec(key)?.[1])
    if (!(error instanceof RepriseError) || error.code !== 'storage' || Number.isNaN(array)) throw error
    if ((await orderOf(store, array)) === null) throw error
    throw new RepriseError('not-intact', `cannot be read: ${error.message}`, {
      subject: key.slice(0, 200),
      remedy: 'What it may hold is executed again',
      cause: error,
    })
  }
}

/** Null where it cannot be had either. */
async function orderOf(store: Store, array: number): Promise<Buffer | null> {
  try {
    return await store.get(orderKey(array))
  } catch {
    return null
  }
}
