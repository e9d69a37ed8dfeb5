/** From the word that names a runner to the runner itself, with what must be closed after it. */
import { RepriseError } from '../lib/errors.ts'
import { localLauncher } from '../runners/local.ts'
import { pool } from '../runners/pool.ts'
import type { Runner } from '../runners/runner.ts'
import type { Lab } from './lab.ts'

/** How many engines there are to be, and how they are to run. */
export interface RunnerOptions {
  readonly engines?: number
  /** Longest time for one job, ms; null for any. */
  readonly timeoutMs: number | null
  /** Path of the Node for the engines; this process's own when not given. */
  readonly node?: string
}

export interface ChosenRunner {
  readonly runner: Runner
  /** Ends what is still alive. */
  close(): Promise<void>
}

/** The runner that `choice` names: `local`. Throws `usage` for any other. */
export async function runnerFor(_lab: Lab, choice: string, options: RunnerOptions): Promise<ChosenRunner> {
  if (choice !== 'local') {
    throw new RepriseError('usage', 'is no runner that is known here', {
      subject: choice,
      remedy: 'Known is local',
    })
  }
  const { availableParallelism } = await import('node:os')
  const { engines = availableParallelism(), timeoutMs, node } = options
  const launcher = localLauncher(node === undefined ? {} : { node })
  return { runner: pool(launcher, { engines, timeoutMs }), close: async () => launcher.close() }
}
