/** Tasks of a scheduler or a cloud that are over, as they were told: where each ran, how it ended, what it took. */
import type { ResultsStore } from '../../../lab/results.ts'
import { roughCores, roughTime } from '../../../lab/rough-words.ts'
import { type TaskRow, taskRows } from '../../../lab/tasks.ts'
import { count, nameWords, several } from '../../../lab/words.ts'
import { type Html, html } from '../../html.ts'
import { table } from './parts.ts'

const MOST_TASKS = 100
const COLUMNS = [
  { name: 'task' },
  { name: 'node' },
  { name: 'ended' },
  { name: 'time', isNumber: true },
  { name: 'cores’ time', isNumber: true },
  { name: 'memory', isNumber: true },
  { name: 'chunks', isNumber: true },
]

/** Those that did not end well first. */
export function tasksSection(store: ResultsStore): Html | null {
  const rows = taskRows(store)
  if (rows.length === 0) return null
  const isBad = ({ words }: TaskRow) => Number(words !== null)
  const shown = [...rows].sort((a, b) => isBad(b) - isBad(a)).slice(0, MOST_TASKS)
  const caption = `${several(rows.length, 'task')} that ended${rows.length > shown.length ? `, ${MOST_TASKS} of them` : ''}`
  return html`<h2>Tasks</h2>${table(caption, COLUMNS, shown.map(cells))}`
}

function cells(task: TaskRow): string[] {
  const took = Date.parse(task.ended ?? '') - Date.parse(task.started ?? '')
  return [
    nameWords(`${task.scheduler} ${task.job}${task.restarts === 0 ? '' : `, restart ${task.restarts}`}`),
    nameWords(task.node ?? ''),
    nameWords(`${task.state}${task.words === null ? '' : `: ${task.words}`}`, 300),
    took >= 0 ? roughTime(took) : '',
    task.cpuMs === null ? '' : roughCores(task.cpuMs),
    task.maxRssBytes === null ? '' : `${count(task.maxRssBytes / 1e6)} MB`,
    count(task.chunks),
  ]
}
