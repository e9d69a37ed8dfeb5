/** The state of a run, from its record alone: what `ls`, `status`, `watch` and `show` tell. */
import { chunkJobs } from '../lib/chunk.ts'
import { type Point, pointAt } from '../lib/design.ts'
import { blockCount, chunkCount, type ExperimentDocument, jobCount } from '../lib/document.ts'
import type { Replicated } from '../provenance/manifest.ts'
import type { FarRun } from '../runners/detached/status.ts'
import { readDetached } from './detached.ts'
import { type Lab, listRuns, type RunFolder } from './lab.ts'
import { type Holder, lockHolder } from './lock.ts'
import type { Plan } from './plan.ts'
import { replicaCount, replicasDone, replicatedOf } from './replicas.ts'
import { type EventKind, ResultsStore, type RunEvent } from './results.ts'

/** What has become of a run. */
export type StateName =
  | 'running'
  | 'detached'
  | 'interrupted'
  | 'cancelled'
  | 'incomplete'
  | 'failed'
  | 'sealed'
  | 'sampled'
  | 'damaged'

export interface RunState {
  readonly run: string
  /** Experiment hash, hex. */
  readonly experiment: string
  readonly name: string
  readonly state: StateName
  /** Result root, hex; null until sealed. */
  readonly root: string | null
  readonly file: string
  readonly planned: string
  readonly chunks: number
  readonly chunksDone: number
  readonly jobs: number
  /** Of chunks that are there, failed ones among them. */
  readonly jobsDone: number
  readonly failedJobs: number
  /** What this run repeats, and what came of it. */
  readonly rerunOf: string | null
  readonly verdict: string | null
  /** Chunks that are to be executed a second time, and those that were; null where none are. */
  readonly replicas: { readonly chunks: number; readonly done: number } | null
  /** What the replicas of a run that is whole say. */
  readonly replicated: Replicated | null
  readonly holder: Holder | null
  /** Of a run that a cluster executes without us: where, and what was said of it last; null of any other. */
  readonly detached: {
    readonly cluster: string
    /** As a runner is named: such as `slurm:NAME`. */
    readonly runner: string
    readonly there: FarRun | null
    readonly asked: string | null
  } | null
  /** Engines that whoever executes the run means to use; null where nobody does. */
  readonly engines: number | null
  /** In one line, what is wrong with a run that is damaged, or failed, or stopped for another reason than its chunks. */
  readonly problem: string | null
}

/** The state of every run in the lab, oldest first. A damaged run is listed as such. */
export function runStates(lab: Lab): RunState[] {
  return listRuns(lab).map(stateOrDamage)
}

/** The run's state; of one that cannot be read, that it is damaged. */
export function stateOrDamage(run: RunFolder): RunState {
  try {
    return runState(run)
  } catch (error) {
    return damaged(run, error as Error)
  }
}

/** Whether somebody executes the run here, or collects what a cluster executed. */
export function comes({ holder }: RunState): boolean {
  return holder !== null
}

export function runState(run: RunFolder): RunState {
  const holder = lockHolder(run)
  const store = ResultsStore.open(run)
  try {
    return { ...describe(store, store.plan(), store.events(), holder), detached: detachedOf(run) }
  } finally {
    store.close()
  }
}

function describe(
  store: ResultsStore,
  plan: Plan,
  events: readonly RunEvent[],
  holder: Holder | null,
): Omit<RunState, 'detached'> {
  const { document, hash } = plan.experiment
  const counts = store.counts()
  const wanted = replicaCount(plan)
  const sealed = lastOf(events, 'sealed')
  const compared = lastOf(events, 'compared')
  const sample = plan.rerun?.sample ?? null
  const state = stateName(events, holder)
  return {
    run: plan.run,
    experiment: hash,
    name: document.name,
    state,
    root: (sealed?.body.root as string | undefined) ?? null,
    file: plan.file,
    planned: plan.planned,
    chunks: sample?.length ?? chunkCount(document),
    chunksDone: counts.chunks,
    jobs:
      sample === null
        ? jobCount(document)
        : sample.reduce((sum, chunk) => sum + chunkJobs(document, chunk), 0),
    jobsDone: jobsDone(store, document),
    failedJobs: counts.failedJobs,
    rerunOf: plan.rerun?.run ?? null,
    verdict: (compared?.body.verdict as string | undefined) ?? null,
    replicas: wanted === 0 ? null : { chunks: wanted, done: replicasDone(store) },
    replicated: sealed === undefined ? null : replicatedOf(store, plan),
    holder,
    engines: holder === null ? null : enginesOf(events),
    problem: problemOf(state, events),
  }
}

function detachedOf(run: RunFolder): RunState['detached'] {
  const note = readDetached(run)
  if (note === null) return null
  const { cluster, runner, far, asked } = note
  return { cluster, runner, there: far, asked }
}

function lastOf(events: readonly RunEvent[], kind: EventKind): RunEvent | undefined {
  return events.findLast((event) => event.kind === kind)
}

function problemOf(state: StateName, events: readonly RunEvent[]): string | null {
  if (state === 'failed') return String(lastOf(events, 'failed')?.body.reason ?? '')
  const reason = state === 'incomplete' ? lastOf(events, 'incomplete')?.body.reason : undefined
  return reason === undefined ? null : String(reason)
}

function enginesOf(events: readonly RunEvent[]): number | null {
  return (lastOf(events, 'started')?.body.engines as number | undefined) ?? null
}

/** Every chunk has as many jobs as the next, but for the last of a point. */
function jobsDone(store: ResultsStore, document: ExperimentDocument): number {
  const [blocks, { chunk, repetitions }] = [blockCount(document), document]
  const sql = 'SELECT count(*) AS chunks, coalesce(sum((chunk + 1) % ? = 0), 0) AS last FROM chunks'
  const row = store.database.prepare(sql).get(blocks) as { chunks: number; last: number }
  return row.chunks * chunk - row.last * (blocks * chunk - repetitions)
}

function stateName(events: readonly RunEvent[], holder: Holder | null): StateName {
  const last = events.findLast((event) =>
    ['started', 'detached', 'cancelled', 'incomplete', 'failed'].includes(event.kind),
  )
  // Whoever has the lock may also collect, or record an end: only a start that has no end says that it runs.
  if (holder !== null && (last === undefined || last.kind === 'started')) return 'running'
  const sealed = lastOf(events, 'sealed')
  if (sealed !== undefined) return 'root' in sealed.body ? 'sealed' : 'sampled'
  return last === undefined || last.kind === 'started' ? 'interrupted' : (last.kind as StateName)
}

function damaged(run: RunFolder, error: Error): RunState {
  return {
    run: run.id,
    experiment: '',
    name: '',
    state: 'damaged',
    root: null,
    file: '',
    planned: '',
    chunks: 0,
    chunksDone: 0,
    jobs: 0,
    jobsDone: 0,
    failedJobs: 0,
    rerunOf: null,
    verdict: null,
    replicas: null,
    replicated: null,
    holder: null,
    detached: null,
    engines: null,
    problem: error.message,
  }
}

/** Chunks done at each point, for `status`. */
export function pointProgress(
  plan: Plan,
  present: Iterable<number>,
): { point: Point; done: number; chunks: number }[] {
  const { document } = plan.experiment
  const blocks = blockCount(document)
  const done = new Map<number, number>()
  for (const chunk of present) {
    const point = Math.floor(chunk / blocks)
    done.set(point, (done.get(point) ?? 0) + 1)
  }
  const points = chunkCount(document) / blocks
  return Array.from({ length: points }, (_, i) => ({
    point: pointAt(document.design, i),
    done: done.get(i) ?? 0,
    chunks: blocks,
  }))
}
