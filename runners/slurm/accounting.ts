/**
 * What sacct says of tasks, fields parted by `|`: a row for each task, and rows for its steps, in which its memory was measured.
 * The database may lag behind the scheduler: that a task runs is nothing that it can say.
 */
import { isOver, type TaskLook, type TaskUsage } from '../array/engine.ts'
import { bytesOf, elapsedMs, utc } from './amounts.ts'
import { readIndices } from './index-set.ts'
import { stateOf } from './states.ts'

const FIELDS = ['JobID', 'State', 'ExitCode', 'Start', 'End', 'TotalCPU', 'MaxRSS', 'NodeList']

/** For `sacct --format`. */
export const ACCOUNTING_FORMAT = FIELDS.join(',')

/** A task as the accounting has it. */
export interface Accounted extends TaskUsage {
  /** Id of its array. */
  readonly id: string
  /** Slurm's own word. */
  readonly word: string
}

/** `123_4`, `123_[4-9%2]`, and those of steps: `123_4.batch`. */
const TASK = /^(\d{1,10})_(\d{1,7}|\[[^\]]*\])(?:\.([\w+]+))?$/

/** The tasks of arrays; what is no such row is left out. */
export function readAccounting(stdout: string): readonly Accounted[] {
  const tasks: Accounted[] = []
  const memory = new Map<string, number>()
  for (const line of stdout.split('\n')) {
    const [job, word, exit, started, ended, cpu, rss, nodes] = line.split('|')
    const found = TASK.exec(job!)
    if (found === null || nodes === undefined) continue
    const [, id, place, step] = found
    if (step !== undefined) {
      const bytes = bytesOf(rss!)
      const key = `${id}_${place}`
      if (bytes !== null) memory.set(key, Math.max(bytes, memory.get(key) ?? 0))
      continue
    }
    for (const index of readIndices(place!) ?? []) {
      tasks.push({
        id: id!,
        index,
        job: `${id}_${index}`,
        word: word!,
        state: stateOf(word!),
        exit: /^\d+:\d+$/.test(exit!) ? exit! : null,
        started: utc(started!),
        ended: utc(ended!),
        cpuMs: elapsedMs(cpu!),
        maxRssBytes: null,
        node: /^(|None assigned|Unknown|\(null\))$/.test(nodes.trim()) ? null : nodes.trim(),
      })
    }
  }
  return tasks.map((task) => ({ ...task, maxRssBytes: memory.get(task.job) ?? null }))
}

/** Of a task that the scheduler knows no more. One that would be pending or running by this is not known of. */
export function lookBackOn({ state, word, node, job }: Accounted): TaskLook {
  if (isOver(state)) return { state, words: word, node, job, restarts: null }
  return { state: 'unknown', words: `${word}, says sacct alone`, node, job, restarts: null }
}
