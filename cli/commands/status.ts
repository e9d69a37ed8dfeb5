/** `reprise status [RUN]`: how far a run is, and where; without RUN, all that is not finished. */
import { findLab, findRun, listRuns } from '../../lab/lab.ts'
import { ResultsStore } from '../../lab/results.ts'
import { pointProgress, type RunState, runState, runStates } from '../../lab/state.ts'
import { EXIT } from '../exit.ts'
import { type Terminal, terminal } from '../terminal.ts'
import { count, oneLine, pointWords, table } from '../words.ts'

/** Points told one by one; more are summed up. */
const MOST_POINTS = 50

export async function status(text: string | undefined, options: { json?: boolean }): Promise<number> {
  const out = terminal(options)
  const lab = findLab(process.cwd())
  if (text === undefined) return unfinished(runStates(lab), listRuns(lab).length, out)
  const folder = findRun(lab, text)
  const state = runState(folder)
  const store = ResultsStore.open(folder)
  try {
    const points = pointProgress(store.plan(), store.present())
    out.answer({ ...state, points })
    tellState(state, out)
    const open = points.filter(({ done, chunks }) => done < chunks)
    const rows = open
      .slice(0, MOST_POINTS)
      .map(({ point, done, chunks }) => [pointWords(point), `${done}/${chunks}`])
    if (rows.length > 0 && state.rerunOf === null) {
      for (const line of table([['point', 'chunks'], ...rows], [1])) out.print(line)
      if (open.length > MOST_POINTS) out.print(`… and ${count(open.length - MOST_POINTS)} more points`)
    }
    return EXIT.done
  } finally {
    store.close()
  }
}

function unfinished(states: readonly RunState[], all: number, out: Terminal): number {
  const open = states.filter(({ state }) => state !== 'sealed' && state !== 'sampled')
  out.answer({ runs: open })
  if (open.length === 0) out.print(`nothing is unfinished (${count(all)} runs in all; see reprise ls)`)
  for (const state of open) tellState(state, out)
  return EXIT.done
}

/** One line on a run. */
export function tellState(state: RunState, out: Terminal): void {
  const percent = state.chunks === 0 ? 0 : Math.floor((100 * state.chunksDone) / state.chunks)
  const failed = state.failedJobs === 0 ? '' : `, ${count(state.failedJobs)} jobs failed`
  const by = state.holder === null ? '' : ` by process ${state.holder.pid} on ${state.holder.host}`
  const verdict = state.verdict === null ? '' : ` (${state.verdict})`
  const problem = state.problem === null ? '' : `: ${oneLine(state.problem)}`
  out.print(
    `${state.run}  ${oneLine(state.name)}  ${state.state}${verdict}${by}, ${count(state.chunksDone)} of ${count(state.chunks)} chunks (${percent} %)${failed}${problem}`,
  )
}
