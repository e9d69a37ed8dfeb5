/**
 * Other versions of Node to execute on, fetched as `--runtime` fetches them, but kept beside the user's own: a test
 * must not change which Nodes are at hand.
 */
import { dirname, join } from 'node:path'
import { RepriseError } from '../../lib/errors.ts'
import { findRuntime, type Runtime, TODAYS } from '../../runners/runtime.ts'
import { runtimeCache } from '../../runners/runtime-cache.ts'

export type { Runtime }

const CACHE = join(dirname(runtimeCache(process.env)), 'test-runtimes')

/** Today's Node, and those of the versions that can be had. Of the others one loud line says why not. */
export async function nodesOf(versions: readonly string[]): Promise<Runtime[]> {
  const found: Runtime[] = [TODAYS]
  for (const version of versions) {
    try {
      const runtime = await findRuntime(version, { cache: CACHE })
      if (runtime !== TODAYS) found.push(runtime)
    } catch (error) {
      if (!(error instanceof RepriseError)) throw error
      console.log(`SKIPPING what needs Node ${version}: ${error.line}`)
    }
  }
  return found
}
