/** `reprise cancel RUN`: asks whoever executes a run to stop; what is done is kept. */
import { cancelRun } from '../../lab/cancel.ts'
import { findLab, findRun } from '../../lab/lab.ts'
import { EXIT } from '../exit.ts'
import { terminal } from '../terminal.ts'

export async function cancel(text: string, options: { json?: boolean }): Promise<number> {
  const out = terminal(options)
  const state = await cancelRun(findRun(findLab(process.cwd()), text))
  out.print(
    `${state.state} ${state.run}: ${state.chunksDone} of ${state.chunks} chunks are kept. Go on: reprise resume ${state.run}`,
  )
  out.answer(state)
  return EXIT.done
}
