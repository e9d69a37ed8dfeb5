/** The first page: the runs of the lab and their state, the latest first. */
import type { RunState } from '../../../lab/state.ts'
import { count, duration, nameWords, several } from '../../../lab/words.ts'
import { html, type Insert } from '../../html.ts'
import type { Pace } from '../pace.ts'
import { sectionsOf, type View } from '../view.ts'
import { digest, runLink, share, stateMark, table } from './parts.ts'

const MOST_RUNS = 300
const COLUMNS = [
  { name: 'run' },
  { name: 'experiment' },
  { name: 'state' },
  { name: 'chunks' },
  { name: 'failed jobs', isNumber: true },
  { name: 'root' },
]

/** `paces`: how fast those go that somebody executes. */
export function runsView(
  states: readonly RunState[],
  paces: ReadonlyMap<string, Pace>,
  signature: string,
): View {
  const going = states.filter(({ holder, state }) => holder !== null || state === 'detached')
  const shown = states.slice(0, MOST_RUNS)
  const rows = shown.map((state) => row(state, paces.get(state.run)))
  const summary =
    states.length === 0
      ? 'No run yet.'
      : `${several(states.length, 'run')}, ${going.length === 0 ? 'none of them' : count(going.length)} going on.`
  return {
    title: 'Runs',
    said: summary,
    goes: going.length > 0,
    key: signature,
    results: '',
    sections: sectionsOf({
      summary: html`<p>${summary}</p>`,
      runs:
        states.length === 0
          ? html`<p>Begin with <code>reprise run FILE</code>; what it does appears here.</p>`
          : table('The latest run first. Times in run names are UTC.', COLUMNS, rows),
      more:
        states.length > shown.length
          ? html`<p class="quiet">… and ${several(states.length - shown.length, 'earlier run')}; see <code>reprise ls</code>.</p>`
          : null,
    }),
  }
}

function row(state: RunState, pace: Pace | undefined): Insert[] {
  if (state.state === 'damaged')
    return [
      runLink(state.run),
      html`<span class="quiet">${nameWords(state.problem ?? '', 200)}</span>`,
      stateMark(state),
      '',
      '',
      '',
    ]
  const left = pace === undefined || Number.isNaN(pace.left) ? '' : ` about ${duration(pace.left)} left`
  const isOver = state.state === 'sealed' || state.state === 'sampled'
  return [
    runLink(state.run),
    nameWords(state.name),
    stateMark(state),
    isOver
      ? count(state.chunksDone)
      : html`${share(state.chunksDone, state.chunks, 'the chunks')}<span class="quiet">${left}</span>`,
    state.failedJobs === 0 ? '' : count(state.failedJobs),
    state.root === null ? '' : digest(state.root),
  ]
}
