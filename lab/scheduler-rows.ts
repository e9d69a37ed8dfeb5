/** What `show` tells of the tasks of a scheduler: what became of them, on which nodes, and what they took. */

import { MAX_NODES, type Scheduled } from '../provenance/scheduled.ts'
import type { TaskTold } from '../runners/runner.ts'
import { bytesWords } from './host-words.ts'
import { count, duration, oneLine, several } from './words.ts'

/** Nodes and jobs told, and characters of a name; a record has them all. */
const MOST = 10
const LENGTH = 64
const LONGEST_IMAGE = 160

export function scheduledRows(scheduled: readonly Scheduled[]): string[][] {
  return scheduled.slice(0, MOST).flatMap((one) => {
    const { nodes, jobs, images } = one
    const at = (nodes ?? []).map(({ name, chunks }) => `${cut(name)} (${several(chunks, 'chunk')})`)
    return [
      ['scheduler', schedulerWords(one)],
      ...(at.length === 0 ? [] : [['nodes', listed(at)]]),
      ...(jobs === null || jobs.length === 0 ? [] : [['jobs', listed(jobs.map(cut))]]),
      ...(images == null || images.length === 0 ? [] : [['images', listed(images.map(cutImage))]]),
    ]
  })
}

/** `slurm cluster lab, 35 tasks (34 completed, 1 timeout) on 2 nodes, 1.2 core-hours, at most 96 MB a task`. */
export function schedulerWords({ kind, cluster, tasks, states, nodes, ...took }: Scheduled): string {
  const { measured, cpuMs, maxRssBytes } = took
  const known = measured.scheduler + measured.task
  const ended = Object.entries(states).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  const found = nodes === null ? `more than ${count(MAX_NODES)} nodes` : several(nodes.length, 'node')
  const where = nodes?.length === 0 ? '' : ` on ${found}`
  return [
    cluster === null ? cut(kind) : `${cut(kind)} cluster ${cut(cluster)}`,
    `${several(tasks, 'task')} (${listed(ended.map(([state, n]) => `${count(n)} ${cut(state)}`))})${where}`,
    ...(cpuMs === null ? [] : [coreTime(cpuMs)]),
    ...(maxRssBytes === null ? [] : [`at most ${bytesWords(maxRssBytes)} a task`]),
    ...(known === tasks ? [] : [known === 0 ? 'none measured' : `${count(tasks - known)} not measured`]),
  ].join(', ')
}

/** Tasks that did not complete, a line each. */
export function taskLines(tasks: readonly TaskTold[]): string[] {
  const odd = tasks.filter(({ state }) => state !== 'completed')
  const lines = odd.slice(0, MOST).map(({ job, restarts, node, state, words, started, ended }) => {
    const again = restarts === 0 ? '' : `, started ${count(restarts + 1)} times`
    const at = node === null ? '' : ` on ${cut(node)}`
    const took =
      started === null || ended === null ? Number.NaN : (Date.parse(ended) - Date.parse(started)) / 1000
    const after = took >= 0 ? ` after ${duration(took)}` : ''
    return oneLine(
      `task ${cut(job)}${at}${again}: ${state}${words === null ? '' : ` (${cut(words)})`}${after}`,
    )
  })
  const more = odd.length - lines.length
  return [...lines, ...(more > 0 ? [`and ${several(more, 'more task')} that did not complete`] : [])]
}

function coreTime(ms: number): string {
  const hours = ms / 3_600_000
  if (hours >= 0.1) return `${hours < 100 ? hours.toFixed(1) : count(hours)} core-hours`
  return `${ms < 10_000 ? (ms / 1000).toFixed(1) : count(ms / 1000)} core-seconds`
}

function listed(words: readonly string[]): string {
  const more = words.length - MOST
  return [...words.slice(0, MOST), ...(more > 0 ? [`and ${count(more)} more`] : [])].join(', ')
}

/** Its digest is at its end, and is what matters. */
function cutImage(name: string): string {
  return name.length <= LONGEST_IMAGE ? name : `…${name.slice(-LONGEST_IMAGE)}`
}

function cut(name: string): string {
  return name.length <= LENGTH ? name : `${name.slice(0, LENGTH)}…`
}
