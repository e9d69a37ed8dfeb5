/** Patience with what a host may never answer. */
import { RepriseError } from '../../lib/errors.ts'

/** What `answer` gives; throws `engine` where it is not there after so many ms. */
export async function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const remedy = 'See whether the host is overloaded, or what its disk waits for'
      reject(new RepriseError('engine', `its station did not answer within ${ms / 1000} s`, { remedy }))
    }, ms)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}
