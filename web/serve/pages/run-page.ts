/** The page of one run: what it is, how far, what failed and what its log said last. What came out is a view of its own. */
import { costOf } from '../../../lab/cost.ts'
import { groupFailures } from '../../../lab/failures.ts'
import type { Lab, RunFolder } from '../../../lab/lab.ts'
import { type LogTail, logTail } from '../../../lab/log-tail.ts'
import { locateIn } from '../../../lab/objects.ts'
import { pointCounts } from '../../../lab/point-counts.ts'
import { ResultsStore } from '../../../lab/results.ts'
import type { RunState } from '../../../lab/state.ts'
import { count, nameWords, several } from '../../../lab/words.ts'
import { type Html, html } from '../../html.ts'
import type { Pace } from '../pace.ts'
import { sectionsOf, type View } from '../view.ts'
import { eventsSection } from './events-section.ts'
import { failuresSection } from './failures-section.ts'
import { facts, runLink, stateMark, time } from './parts.ts'
import { pointsSection, progressSection } from './progress-section.ts'
import { tasksSection } from './tasks-section.ts'

const MOST_POINTS = 100

export interface Looked {
  readonly state: RunState
  /** What stands for its files as they were. */
  readonly signature: string
  readonly pace: Pace | null
}

/** Of a run that cannot be read, that it is damaged and how. `controls`: whether it may be cancelled and resumed from here. */
export async function runView(
  lab: Lab,
  run: RunFolder,
  { state, signature, pace }: Looked,
  controls: boolean,
): Promise<View> {
  const going = state.holder !== null || state.state === 'detached'
  const log = logTail(run)
  const about = {
    title: `${nameWords(state.name) || 'a damaged run'}, ${run.id}`,
    goes: going,
    key: signature,
    results: `${state.chunksDone} ${state.root}`,
  }
  if (state.state === 'damaged') {
    const said = `This run is damaged: ${nameWords(state.problem ?? '', 500)}`
    const parts = { head: headSection(state, false), progress: html`<p>${said}</p>`, log: logSection(log) }
    return { ...about, said, sections: sectionsOf(parts) }
  }
  const cost = await costOf(lab, run, state)
  const store = ResultsStore.open(run)
  try {
    const { capsule } = store.plan()
    const located = (stack: string) => locateIn(lab, capsule.sha256, stack)
    return {
      ...about,
      said: saidOf(state),
      sections: sectionsOf({
        head: headSection(state, controls),
        progress: progressSection(state, pace, cost),
        points: isOver(state) ? null : pointsSection(pointCounts(store, MOST_POINTS)),
        failures: failuresSection(groupFailures(store), located),
        tasks: tasksSection(store),
        events: eventsSection(store.events(), located),
        log: logSection(log),
      }),
    }
  } finally {
    store.close()
  }
}

/** Then the results say of every point what there is to say. */
function isOver({ state }: RunState): boolean {
  return state === 'sealed' || state === 'sampled'
}

function headSection(state: RunState, controls: boolean): Html {
  const { run, experiment, file, planned, root, rerunOf, problem } = state
  const mayCancel = controls && !['sealed', 'sampled', 'cancelled', 'damaged'].includes(state.state)
  const mayResume = controls && ['interrupted', 'cancelled', 'incomplete', 'failed'].includes(state.state)
  const sealed = state.state === 'sealed'
  const act = (word: string, todo: string) =>
    html`<a class="button" href="confirm?do=${todo}&amp;id=${run}">${word} …</a>`
  return html`<h1>${nameWords(state.name) || 'Damaged run'}</h1><p>${stateMark(state)} <span class="mono">${run}</span></p>
${problem === null ? null : html`<p class="problem">${nameWords(problem, 1_000)}</p>`}
<p class="actions">${sealed ? html`<a href="report?id=${run}">Report</a> <a href="compare?a=${run}">Compare with another run</a> ` : null}${experiment === '' ? null : html`<a href="ledger?about=${experiment}">What the ledger says</a> `}${mayCancel ? act('Cancel', 'cancel') : null} ${mayResume ? act('Resume', 'resume') : null}</p>
${facts([
  experiment === '' ? null : ['experiment', html`<code>${experiment}</code>`],
  root === null ? null : ['root', html`<code>${root}</code>`],
  file === '' ? null : ['file', html`<code>${nameWords(file, 500)}</code>`],
  planned === '' ? null : ['planned', `${time(planned)} UTC`],
  rerunOf === null ? null : ['rerun of', runLink(rerunOf)],
])}`
}

/** Another sentence only where the state is another, or a tenth more is done. */
function saidOf(state: RunState): string {
  const tenths = state.chunks === 0 ? 0 : Math.floor((10 * state.chunksDone) / state.chunks)
  return `The run is ${state.verdict ?? state.state}, ${10 * tenths} % of its chunks are done.`
}

function logSection(log: LogTail | null): Html | null {
  if (log === null || log.bytes === 0) return null
  const told = log.cut
    ? `The last ${several(log.lines.length, 'line')} of ${count(log.bytes)} bytes; all of it is in the run’s log.txt.`
    : ''
  return html`<h2>Log</h2><p class="quiet">${told}</p><pre tabindex="0" role="region" aria-label="Log" data-end>${log.lines.join('\n')}</pre>`
}
