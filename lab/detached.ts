/** What a lab remembers of a run that a cluster executes without it: where it is, and what was said of it there. */
import { existsSync, readFileSync } from 'node:fs'
import { RepriseError } from '../lib/errors.ts'
import type { FarRun } from '../runners/detached/status.ts'
import { namedCluster } from './cluster-word.ts'
import { writeDurably } from './durable.ts'
import type { RunFolder } from './lab.ts'

export interface Detached {
  readonly format: 'reprise/detached/1'
  /** Name of the cluster in the configuration. */
  readonly cluster: string
  /** The same as it is said with its kind, such as `slurm:NAME`; version 0.4 knew ssh alone, and wrote none. */
  readonly runner: string
  readonly since: string
  /** What the head said last, and when; null before it said anything. */
  readonly far: FarRun | null
  readonly asked: string | null
}

export function newDetached(runner: string, time: Date): Detached {
  const cluster = namedCluster(runner)?.name ?? runner
  return { format: 'reprise/detached/1', cluster, runner, since: time.toISOString(), far: null, asked: null }
}

/** Null for a run that was never handed over. Throws `not-intact`. */
export function readDetached(run: RunFolder): Detached | null {
  if (!existsSync(run.detached)) return null
  try {
    const read = JSON.parse(readFileSync(run.detached, 'utf8')) as Detached
    const runner = read.runner ?? `ssh:${read.cluster}`
    if (read.format === 'reprise/detached/1' && namedCluster(runner) !== null) return { ...read, runner }
  } catch {}
  throw new RepriseError('not-intact', 'cannot be read', {
    subject: run.detached,
    remedy:
      'Move it away; then reprise collect RUNNER/RUN gets the run again from its cluster, such as ssh:NAME',
  })
}

export function writeDetached(run: Pick<RunFolder, 'detached'>, detached: Detached): void {
  writeDurably(run.detached, `${JSON.stringify(detached)}\n`)
}

/** The note, with what the head has just said. */
export function told(detached: Detached, far: FarRun, time = new Date()): Detached {
  return { ...detached, far, asked: time.toISOString() }
}

/** Notes what the head of a cluster said, unless the run has gone elsewhere meanwhile. */
export function noteTold(run: RunFolder, runner: string, far: FarRun): void {
  const note = readDetached(run)
  if (note?.runner === runner) writeDetached(run, told(note, far))
}

/** The note of a run that is on a cluster. Throws `usage`. */
export function demandDetached(run: RunFolder): Detached {
  const found = readDetached(run)
  if (found !== null) return found
  throw new RepriseError('usage', 'was not handed over to a cluster', {
    subject: `run ${run.id}`,
    remedy:
      'Hand it over: reprise resume RUN --detach --runner with the name of a cluster (reprise cluster ls)',
  })
}
