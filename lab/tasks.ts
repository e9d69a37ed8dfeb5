/**
 * Tasks of a scheduler beside the chunks: what became of each, its times and its memory, as they were told. Which chunks a
 * task executed is not stored: a chunk names its engine, and an engine is a task's.
 */
import type { TaskTold } from '../runners/runner.ts'
import type { ResultsStore } from './results.ts'
import { tellsImages, tellsTasks } from './schema.ts'

/** A task and its chunks, as stretches of their indices. */
export interface TaskRecord extends TaskTold {
  readonly ranges: readonly (readonly [first: number, last: number])[]
}

/** Who executed a chunk; what a store of version 0.1 has not, is null. */
export interface Maker {
  readonly engine: number
  readonly session: number | null
}

/** A row of the store. */
export type TaskRow = Omit<TaskTold, 'engines'> & { readonly task: number }

/**
 * Adds tasks in one durable transaction; `since` is the first session in which their names and engines mean what they mean
 * now. A task that is there is told anew: what was said last holds, and engines that were its own before still are. Nothing
 * changes any more once the run is sealed.
 */
export function addTasks({ database }: ResultsStore, tasks: readonly TaskTold[], since: number): void {
  const find = database.prepare('SELECT task FROM tasks WHERE session = ? AND job = ? AND restarts = ?')
  const insert = database.prepare(
    'INSERT OR REPLACE INTO tasks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const last = database.prepare('SELECT coalesce(max(task), 0) AS task FROM tasks')
  const own = database.prepare('INSERT OR REPLACE INTO task_engines VALUES (?, ?, ?)')
  database.transaction(() => {
    if (database.prepare("SELECT 1 FROM events WHERE kind = 'sealed' LIMIT 1").get() !== undefined) return
    let { task: newest } = last.get() as { task: number }
    for (const { scheduler, cluster, job, restarts, node, state, words, engines, ...told } of tasks) {
      const known = find.get(since, job, restarts) as { task: number } | undefined
      const task = known?.task ?? ++newest
      const { started, ended, cpuMs, maxRssBytes, measured, chunks, image = null } = told
      insert.run(
        ...[task, since, job, restarts, scheduler, cluster, node, state, words],
        ...[started, ended, cpuMs, maxRssBytes, measured, chunks, image],
      )
      for (const engine of engines) own.run(engine, since, task)
    }
  })
}

/** All tasks in the order in which they were told first, without their engines. */
export function taskRows({ database }: ResultsStore): TaskRow[] {
  if (!tellsTasks(database)) return []
  const columns = 'task, scheduler, cluster, job, restarts, node, state, words, started, ended'
  const image = tellsImages(database) ? ', image' : ''
  const sql = `SELECT ${columns}, cpuMs, maxRssBytes, measured, chunks${image} FROM tasks ORDER BY task`
  const rows = database.prepare(sql).all() as unknown as (TaskRow & { image: string | null })[]
  return rows.map(({ image, ...row }) => (image == null ? row : { ...row, image }))
}

/** The engines of each task, by its row. */
export function taskEngines({ database }: ResultsStore): Map<number, number[]> {
  const found = new Map<number, number[]>()
  for (const { engine, task } of ownersIn(database)) {
    const before = found.get(task)
    if (before === undefined) found.set(task, [engine])
    else before.push(engine)
  }
  return found
}

/** Which task, by its row, executed a chunk; null where it was none's. */
export function taskOfMaker({ database }: ResultsStore): (maker: Maker) => number | null {
  const owners = new Map<number, { session: number; task: number }[]>()
  for (const { engine, session, task } of ownersIn(database)) {
    const before = owners.get(engine)
    if (before === undefined) owners.set(engine, [{ session, task }])
    else before.push({ session, task })
  }
  return ({ engine, session }) =>
    owners.get(engine)?.findLast((one) => session !== null && one.session <= session)?.task ?? null
}

/** Engines ascending, for each the sessions from which on its number means one of this task. */
function ownersIn(database: ResultsStore['database']): { engine: number; session: number; task: number }[] {
  if (!tellsTasks(database)) return []
  const sql = 'SELECT engine, session, task FROM task_engines ORDER BY engine, session'
  return database.prepare(sql).all() as { engine: number; session: number; task: number }[]
}

/** The tasks with the chunks that the store has from each. */
export function tasksOf(store: ResultsStore): TaskRecord[] {
  const rows = taskRows(store)
  if (rows.length === 0) return []
  const engines = taskEngines(store)
  const taskOf = taskOfMaker(store)
  const ranges = new Map<number, [number, number][]>()
  for (const maker of store.pages<Maker & { chunk: number }>('chunk, engine, session')) {
    const task = taskOf(maker)
    if (task === null) continue
    const before = ranges.get(task)
    const last = before?.at(-1)
    if (before === undefined) ranges.set(task, [[maker.chunk, maker.chunk]])
    else if (last![1] === maker.chunk - 1) last![1] = maker.chunk
    else before.push([maker.chunk, maker.chunk])
  }
  return rows.map(({ task, ...told }) => ({
    ...told,
    engines: engines.get(task) ?? [],
    ranges: ranges.get(task) ?? [],
  }))
}
