/** `reprise watch [RUN]`: follows a run that another process executes, until it ends. */
import { setTimeout as sleep } from 'node:timers/promises'
import { findLab, findRun } from '../../lab/lab.ts'
import { readPlan } from '../../lab/results.ts'
import { type RunState, runState } from '../../lab/state.ts'
import { EXIT } from '../exit.ts'
import { showAmounts } from '../progress.ts'
import { terminal } from '../terminal.ts'
import { collectOne } from './collect.ts'
import { tellState } from './status.ts'

const LOOK_MS = 500

export async function watch(text: string | undefined, options: { json?: boolean }): Promise<number> {
  const out = terminal(options)
  const lab = findLab(process.cwd())
  const folder = findRun(lab, text ?? '@last')
  let state = runState(folder)
  if (state.state === 'detached') return collectOne(lab, folder, { ...options, follow: true }, out)
  const progress = showAmounts(readPlan(folder).experiment.document, state, out.say)
  while (state.state === 'running') {
    await sleep(LOOK_MS)
    state = runState(folder)
    progress.at(state.chunksDone)
  }
  progress.stop()
  tellState(state, out)
  out.answer(state)
  return exitOf(state)
}

function exitOf({ state }: RunState): number {
  if (state === 'sealed' || state === 'sampled') return EXIT.done
  if (state === 'incomplete') return EXIT.incomplete
  return state === 'interrupted' || state === 'cancelled' ? EXIT.interrupted : EXIT.failed
}
