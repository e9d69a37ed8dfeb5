/** `reprise status [RUN]`: how far a run is, and where; without RUN, all that is not finished. */
import { costOf } from '../../lab/cost.ts'
import { costWords } from '../../lab/cost-words.ts'
import { demandDetached, told, writeDetached } from '../../lab/detached.ts'
import { goingWords, stateWords } from '../../lab/far-words.ts'
import { findLab, findRun, type Lab, listRuns, type RunFolder } from '../../lab/lab.ts'
import { ResultsStore } from '../../lab/results.ts'
import { pointProgress, type RunState, runState, runStates } from '../../lab/state.ts'
import type { FarRun } from '../../runners/detached/status.ts'
import { EXIT } from '../exit.ts'
import { withHeadIfThere } from '../head.ts'
import { type Terminal, terminal } from '../terminal.ts'
import { count, oneLine, pointWords, table } from '../words.ts'

/** Points told one by one; more are summed up. */
const MOST_POINTS = 50

export async function status(text: string | undefined, options: { json?: boolean }): Promise<number> {
  const out = terminal(options)
  const lab = findLab(process.cwd())
  if (text === undefined) return unfinished(runStates(lab), listRuns(lab).length, out)
  const folder = findRun(lab, text)
  const { there, hosts } = await askThere(lab, folder, out)
  const state = runState(folder)
  const store = ResultsStore.open(folder)
  try {
    const points = pointProgress(store.plan(), store.present())
    const cost = await costOf(lab, folder, state)
    out.answer({ ...state, points, cost, ...(there === undefined ? {} : { there }) })
    tellState(state, out)
    const costs = costWords(cost)
    if (costs !== '') out.print(`  ${costs}`)
    for (const line of hosts) out.print(line)
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

/** Of a run that is on a cluster: what its head says now; `there` is null where it cannot be asked, not there for any other. */
async function askThere(
  lab: Lab,
  folder: RunFolder,
  out: Terminal,
): Promise<{ there?: FarRun | null; hosts: string[] }> {
  const { state, detached } = runState(folder)
  if (state !== 'detached' || detached === null) return { hosts: [] }
  const there = await withHeadIfThere(lab, detached.runner, out, ({ head }) => head.run(folder.id))
  if (there === null) return { there, hosts: [] }
  writeDetached(folder, told(demandDetached(folder), there))
  const going = goingWords(there)
  const hosts = Object.entries(there.hosts).map(([host, words]) => `  ${oneLine(host)}: ${oneLine(words)}`)
  return { there, hosts: [...(going === '' ? [] : [`  ${going}`]), ...hosts] }
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
  const where = state.state === 'detached' ? ` on ${state.detached?.runner}${thereWords(state)}` : ''
  out.print(
    `${state.run}  ${oneLine(state.name)}  ${state.state}${verdict}${where}${by}, ${count(state.chunksDone)} of ${count(state.chunks)} chunks${where === '' ? '' : ' here'} (${percent} %)${failed}${problem}`,
  )
}

/** What was said of it there, and when. */
function thereWords({ detached }: RunState): string {
  const { there = null, asked = null } = detached ?? {}
  if (there === null) return ''
  return ` (${stateWords(there)}, ${count(there.done)} of ${count(there.total)} chunks at ${asked?.slice(0, 16)}Z)`
}
