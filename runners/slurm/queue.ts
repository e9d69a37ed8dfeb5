/** What squeue says of tasks: fields parted by `|`, of which only the last, the reason, may hold one itself. */
import type { TaskLook, TaskUsage } from '../array/engine.ts'
import { utc } from './amounts.ts'
import { readIndices } from './index-set.ts'
import { stateOf, wordsOf } from './states.ts'

const FIELDS = ['ArrayJobID', 'ArrayTaskID', 'State', 'NodeList', 'RestartCnt', 'exit_code', 'StartTime', 'EndTime', 'Reason'] // biome-ignore format: a list of words

/** For `squeue --Format`. */
export const QUEUE_FORMAT = FIELDS.map((field) => `${field}:|`).join(',')

/** One row: a task, or several that wait alike. */
export interface QueueRow {
  /** Id of the array. */
  readonly id: string
  readonly indices: readonly number[]
  readonly state: string
  readonly node: string | null
  readonly restarts: number | null
  readonly exit: string | null
  readonly started: string | null
  readonly ended: string | null
  readonly reason: string
}

/** The rows of arrays; null where something is no row, so that nobody takes a part for the whole. */
export function readQueue(stdout: string): readonly QueueRow[] | null {
  const rows: QueueRow[] = []
  for (const line of stdout.split('\n')) {
    if (line.trim() === '' || line.startsWith('CLUSTER: ')) continue
    const [id, index, state, nodes, restarts, exit, started, ended, ...rest] = line.split('|')
    if (rest.length === 0 || !/^\d{1,10}$/.test(id!)) return null
    if (index === 'N/A') continue // no array
    const indices = readIndices(index!)
    if (indices === null) return null
    const node = named(nodes!)
    rows.push({
      id: id!,
      indices,
      state: state!,
      node,
      restarts: /^\d{1,9}$/.test(restarts!) ? Number(restarts) : null,
      exit: exitOf(exit!),
      started: node === null ? null : utc(started!), // of what waits it is a guess
      ended: node === null ? null : utc(ended!),
      reason: rest.join('|').replace(/\|$/, ''),
    })
  }
  return rows
}

export function lookOf(row: QueueRow, index: number): TaskLook {
  return {
    state: stateOf(row.state, row.reason),
    words: wordsOf(row.state, row.reason),
    node: row.node,
    job: `${row.id}_${index}`,
    restarts: row.restarts,
  }
}

export function usageOf(row: QueueRow, index: number): TaskUsage {
  return {
    index,
    job: `${row.id}_${index}`,
    node: row.node,
    state: stateOf(row.state, row.reason),
    exit: row.exit,
    started: row.started,
    ended: row.ended,
    cpuMs: null,
    maxRssBytes: null,
  }
}

function named(text: string): string | null {
  return ['', '(null)', 'n/a', 'None assigned'].includes(text) ? null : text
}

/** `code:signal`; squeue of 22.05 writes what wait(2) gave. */
function exitOf(text: string): string | null {
  if (/^\d+:\d+$/.test(text)) return text
  if (!/^\d{1,9}$/.test(text)) return null
  return `${(Number(text) >> 8) & 0xff}:${Number(text) & 0x7f}`
}
