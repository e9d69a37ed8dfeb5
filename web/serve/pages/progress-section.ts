/** How far a run is: as a whole, how fast, what it took, and the points that are not done or have failures. */
import type { Cost } from '../../../lab/cost.ts'
import { costWords } from '../../../lab/cost-words.ts'
import { awayRows } from '../../../lab/far-words.ts'
import type { PointCounts } from '../../../lab/point-counts.ts'
import type { RunState } from '../../../lab/state.ts'
import { count, duration, nameWords, pointWords, several } from '../../../lab/words.ts'
import { type Html, html } from '../../html.ts'
import type { Pace } from '../pace.ts'
import { facts, share, table } from './parts.ts'

export function progressSection(state: RunState, pace: Pace | null, cost: Cost | null): Html {
  const { holder, replicas, engines } = state
  const isOver = state.state === 'sealed' || state.state === 'sampled'
  const costs = cost === null ? '' : costWords(cost)
  const executes = holder?.collects === true ? 'collects it' : 'executes it'
  return html`<h2>${isOver ? 'What it took' : 'Progress'}</h2>${facts([
    ['chunks', isOver ? count(state.chunksDone) : share(state.chunksDone, state.chunks, 'the chunks')],
    ['jobs', `${count(state.jobsDone)} of ${count(state.jobs)}, ${count(state.failedJobs)} failed`],
    replicas === null ? null : ['replicas', share(replicas.done, replicas.chunks, 'the replicas')],
    holder === null ? null : ['rate', rateWords(pace)],
    holder === null
      ? null
      : [
          'by',
          `process ${holder.pid} on ${nameWords(holder.host)} ${executes}${engines === null ? '' : `, ${several(engines, 'engine')}`}`,
        ],
    ...awayRows(state).map(([name, words]): [string, string] => [name!, nameWords(words ?? '', 500)]),
    costs === '' ? null : ['took', costs],
  ])}`
}

function rateWords(pace: Pace | null): string {
  if (pace === null) return 'being measured …'
  const { jobsPerSecond, left } = pace
  if (!(jobsPerSecond > 0)) return 'nothing came within the last minute'
  const rate = jobsPerSecond < 10 ? jobsPerSecond.toPrecision(2) : count(jobsPerSecond)
  return `${rate} jobs/s, about ${duration(left)} left`
}

export function pointsSection({ open, openCount, points, donePoints }: PointCounts): Html | null {
  if (openCount === 0) return null
  const rows = open.map(({ point, done, chunks, failedJobs }) => [
    nameWords(pointWords(point), 300),
    share(done, chunks, 'the chunks of this point'),
    failedJobs === 0 ? '' : count(failedJobs),
  ])
  const more = openCount - open.length
  const caption = `Points that are not done or have failed jobs: ${count(openCount)} of ${count(points)}`
  const columns = [{ name: 'point' }, { name: 'chunks' }, { name: 'failed jobs', isNumber: true }]
  return html`<h2>Points</h2><p>${count(donePoints)} of ${several(points, 'point')} are done.</p>
${table(caption, columns, rows)}${more > 0 ? html`<p class="quiet">… and ${several(more, 'more point')}; see <code>reprise status</code>.</p>` : null}`
}
