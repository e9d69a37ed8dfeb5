/** `reprise cancel RUN`: asks whoever executes a run to stop; what is done is kept. */
import { cancelRun } from '../../lab/cancel.ts'
import { collectRun } from '../../lab/collect-run.ts'
import { demandDetached } from '../../lab/detached.ts'
import { findLab, findRun, type Lab, type RunFolder } from '../../lab/lab.ts'
import { runState } from '../../lab/state.ts'
import { RepriseError } from '../../lib/errors.ts'
import type { Head } from '../../runners/detached/head.ts'
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
  if (asksThere) await cancelThere(lab, folder, out)
  const state = asksThere && isOver(folder) ? runState(folder) : await cancelRun(folder)
  out.print(
    `${state.state} ${state.run}: ${state.chunksDone} of ${state.chunks} chunks are kept. Go on: reprise resume ${state.run}`,
  )
  out.answer(state)
  return EXIT.done
}

/** Asks the head, waits until it has stopped, and gets what it had done. */
async function cancelThere(lab: Lab, run: RunFolder, out: Terminal): Promise<void> {
  const { cluster } = demandDetached(run)
  let reached = false
  try {
    await withHead(lab, cluster, out, async ({ head }) => {
      reached = true
      if (!(await asked(head, run.id))) return
      await collectRun(lab, run, head, { follow: true }, new AbortController().signal)
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

/** Asks the head to stop it; false where it never came there. */
async function asked(head: Head, run: string): Promise<boolean> {
  try {
    await head.cancel(run)
    return true
  } catch (error) {
    if (error instanceof RepriseError && error.code === 'not-found') return false
    throw error
  }
}

/** Whether it ended while it was being collected. */
function isOver(run: RunFolder): boolean {
  return !['detached', 'running', 'interrupted'].includes(runState(run).state)
}
