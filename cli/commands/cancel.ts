/** `reprise cancel RUN`: asks whoever executes a run to stop; what is done is kept. */
import { cancelRun } from '../../lab/cancel.ts'
import { cancelThere } from '../../lab/cancel-there.ts'
import { demandDetached } from '../../lab/detached.ts'
import { findLab, findRun, type Lab, type RunFolder } from '../../lab/lab.ts'
import { type RunState, runState } from '../../lab/state.ts'
import { RepriseError } from '../../lib/errors.ts'
import { EXIT } from '../exit.ts'
import { withHead } from '../head.ts'
import { type Terminal, terminal } from '../terminal.ts'

export interface CancelOptions {
  readonly json?: boolean
  /** A run that is on a cluster is cancelled here alone. */
  readonly giveUp?: boolean
}

export async function cancel(text: string, options: CancelOptions): Promise<number> {
  const out = terminal(options)
  const lab = findLab(process.cwd())
  const folder = findRun(lab, text)
  const asksThere = options.giveUp !== true && runState(folder).state === 'detached'
  const state = asksThere ? await throughHead(lab, folder, out) : await cancelRun(folder, options)
  out.print(
    `${state.state} ${state.run}: ${state.chunksDone} of ${state.chunks} chunks are kept. Go on: reprise resume ${state.run}`,
  )
  out.answer(state)
  return EXIT.done
}

/** Has the head cancel it. */
async function throughHead(lab: Lab, run: RunFolder, out: Terminal): Promise<RunState> {
  let reached = false
  try {
    return await withHead(lab, demandDetached(run).runner, out, (open) => {
      reached = true
      return cancelThere(lab, run, open)
    })
  } catch (error) {
    if (reached) throw error
    throw new RepriseError('engine', `its cluster cannot be reached: ${(error as Error).message}`, {
      subject: `run ${run.id}`,
      remedy: 'Try again later; or give up what is there, and be free to resume it here: --give-up',
      cause: error,
    })
  }
}
