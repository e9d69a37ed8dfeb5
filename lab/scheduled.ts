/** The tasks of a run in a summary, for its record: what each scheduler was asked, on which nodes, and what it took. */
import { canonical } from '../lib/canonical.ts'
import type { Executed } from '../provenance/manifest.ts'
import {
  MAX_IMAGES,
  MAX_JOBS,
  MAX_NODES,
  type Scheduled,
  type ScheduledNode,
} from '../provenance/scheduled.ts'
import { environmentsOf } from './environments.ts'
import type { ResultsStore } from './results.ts'
import { type Maker, type TaskRow, taskEngines, taskOfMaker, taskRows } from './tasks.ts'

/** What the store says of one task beyond its row. */
interface Made {
  engines: number
  chunks: number
  /** Indices of environments. */
  readonly environments: Set<number>
}

/** How many chunks an engine executed. */
interface Share extends Maker {
  readonly environment: number | null
  readonly chunks: number
}

/** By scheduler and cluster, in the order in which they were told first. `executed` are the environments that the record lists. */
export function scheduledOf(store: ResultsStore, executed: readonly Executed[]): Scheduled[] {
  const rows = taskRows(store)
  if (rows.length === 0) return []
  const made = madeBy(store, executed)
  const groups = groupBy(rows, ({ scheduler, cluster }) => JSON.stringify([scheduler, cluster]))
  return [...groups.values()].map((tasks) => summary(tasks, made))
}

/** What was made by each task, by its row. */
function madeBy(store: ResultsStore, executed: readonly Executed[]): Map<number, Made> {
  const listed = executed.map(({ environment }) => canonical(environment))
  const index = new Map([...environmentsOf(store)].map(([id, text]) => [id, listed.indexOf(text)]))
  const made = new Map<number, Made>()
  const of = (task: number) => {
    const one = made.get(task) ?? { engines: 0, chunks: 0, environments: new Set() }
    made.set(task, one)
    return one
  }
  for (const [task, engines] of taskEngines(store)) of(task).engines = engines.length
  const taskOf = taskOfMaker(store)
  const sql = 'SELECT engine, session, environment, count(*) AS chunks FROM chunks GROUP BY 1, 2, 3'
  for (const maker of store.database.prepare(sql).all() as unknown as Share[]) {
    const task = taskOf(maker)
    if (task === null) continue
    const one = of(task)
    one.chunks += maker.chunks
    const environment = index.get(maker.environment ?? -1) ?? -1
    if (environment >= 0) one.environments.add(environment)
  }
  return made
}

function summary(tasks: readonly TaskRow[], made: ReadonlyMap<number, Made>): Scheduled {
  const { scheduler: kind, cluster } = tasks[0]!
  const jobs = new Set(tasks.map(({ job }) => job.split('_')[0]!))
  const byNode = groupBy(
    tasks.filter(({ node }) => node !== null),
    ({ node }) => node!,
  )
  const measured = tasks.filter(({ cpuMs, maxRssBytes }) => cpuMs !== null || maxRssBytes !== null)
  return {
    kind,
    cluster,
    tasks: tasks.length,
    states: counted(tasks.map(({ state }) => state)),
    jobs: jobs.size > MAX_JOBS ? null : [...jobs].sort(byName),
    nodes: byNode.size > MAX_NODES ? null : nodesOf(byNode, made),
    started: least(tasks.flatMap(({ started }) => started ?? [])),
    ended: most(tasks.flatMap(({ ended }) => ended ?? [])),
    measured: {
      scheduler: measured.filter((task) => task.measured === 'scheduler').length,
      task: measured.filter((task) => task.measured === 'task').length,
    },
    cpuMs: sumOf(tasks.flatMap(({ cpuMs }) => cpuMs ?? [])),
    maxRssBytes: most(tasks.flatMap(({ maxRssBytes }) => maxRssBytes ?? [])),
    ...imagesOf(tasks),
  }
}

function imagesOf(tasks: readonly TaskRow[]): Pick<Scheduled, 'images'> {
  const images = new Set(tasks.flatMap(({ image }) => image ?? []))
  if (images.size === 0) return {}
  return { images: images.size > MAX_IMAGES ? null : [...images].sort() }
}

function nodesOf(
  byNode: ReadonlyMap<string, readonly TaskRow[]>,
  made: ReadonlyMap<number, Made>,
): ScheduledNode[] {
  return [...byNode]
    .sort(([a], [b]) => byName(a, b))
    .map(([name, tasks]) => {
      const all = tasks.flatMap(({ task }) => made.get(task) ?? [])
      const environments = new Set(all.flatMap((one) => [...one.environments]))
      return {
        name,
        tasks: tasks.length,
        engines: all.reduce((sum, { engines }) => sum + engines, 0),
        chunks: all.reduce((sum, { chunks }) => sum + chunks, 0),
        environments: [...environments].sort((a, b) => a - b),
      }
    })
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(key(item))
    if (group === undefined) groups.set(key(item), [item])
    else group.push(item)
  }
  return groups
}

function counted(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1
  return counts
}

/** n2 before n10. */
function byName(a: string, b: string): number {
  const [one, other] = [Number(a.match(/\d+$/)?.[0] ?? -1), Number(b.match(/\d+$/)?.[0] ?? -1)]
  const [stem, otherStem] = [a.replace(/\d+$/, ''), b.replace(/\d+$/, '')]
  if (stem !== otherStem) return stem < otherStem ? -1 : 1
  return one - other || (a < b ? -1 : a > b ? 1 : 0)
}

/** By code units, as ISO times are in order; null where there are none. */
function least<T extends number | string>(values: readonly T[]): T | null {
  return values.reduce<T | null>((best, value) => (best === null || value < best ? value : best), null)
}

function most<T extends number | string>(values: readonly T[]): T | null {
  return values.reduce<T | null>((best, value) => (best === null || value > best ? value : best), null)
}

/** Of as many as stay exact: what a head says may be any number. */
function sumOf(values: readonly number[]): number | null {
  if (values.length === 0) return null
  return Math.min(
    Number.MAX_SAFE_INTEGER,
    values.reduce((sum, value) => sum + value, 0),
  )
}
