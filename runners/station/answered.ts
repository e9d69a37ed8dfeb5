/** Patience with what a host may never answer. */
import { RepriseError } from '../../lib/errors.ts'
import { within } from '../within.ts'

/** What the host answers; throws `engine` where nothing came after so many ms. */
export async function answered<T>(ms: number, answer: Promise<T>): Promise<T> {
  const got = await within(
    ms,
    answer.then((value) => ({ value })),
  )
  if (got !== null) return got.value
  const remedy = 'See whether the host is overloaded, or what its disk waits for'
  throw new RepriseError('engine', `its station did not answer within ${ms / 1000} s`, { remedy })
}
