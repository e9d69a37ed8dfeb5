/** The exit code of a command that tells how a run ended which others executed. */
import type { RunFolder } from '../lab/lab.ts'
import type { RunState } from '../lab/state.ts'
import { whatStopped } from '../lab/stopped.ts'
import { EXIT, exitCodeOf } from './exit.ts'

/** As the run itself would have ended at a terminal. */
export function exitOf(folder: RunFolder, state: RunState): number {
  if (state.verdict === 'divergent') return EXIT.divergent
  const stopped = whatStopped(folder, state)
  return stopped === null ? EXIT.done : exitCodeOf(stopped.code)
}
