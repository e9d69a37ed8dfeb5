/** A process that fetches a Node and tells what came of it, for tests that kill it or start two of them. */
import { RepriseError } from '../../lib/errors.ts'
import { findRuntime } from '../../runners/runtime.ts'

const [, , word, cache] = process.argv
if (word !== undefined && cache !== undefined) {
  try {
    console.log(JSON.stringify(await findRuntime(word, { cache })))
  } catch (error) {
    console.log(JSON.stringify({ error: error instanceof RepriseError ? error.line : String(error) }))
  }
}
