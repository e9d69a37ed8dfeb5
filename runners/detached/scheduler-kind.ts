/** What a head knows of a kind of scheduler: whether it is there, and how tasks are had of it. Heads of different programs know different kinds. */
import { RepriseError } from '../../lib/errors.ts'
import type { ArrayEngine, EngineFacts } from '../array/engine.ts'
import type { Store } from '../array/store.ts'
import type { SchedulerManner, Submission } from './submission.ts'

/** What the arrays of one run are made of. */
export interface TasksOfRun {
  readonly engine: ArrayEngine
  readonly store: Store
  /** As tasks find them: paths, or keys of the store. */
  readonly capsule: string
  readonly inputs: Readonly<Record<string, string>>
  /** Engines of a task. */
  readonly engines: number
  /** Tasks at once, pending or running; null for as many as the scheduler takes. */
  readonly maxTasks: number | null
  /** Brings what tasks need to where they find it; `note` is told what a person may want to know. Throws `storage`, `usage`. */
  prepare?(signal: AbortSignal, note: (words: string) => void): Promise<void>
  /** Ends what it holds open. */
  close?(): void
}

/** A supervisor's place. */
export interface Headquarters {
  /** Of the run. */
  readonly folder: string
  /** This program's own path. */
  readonly program: string
}

/** Where a head asks. */
export interface HeadHere {
  /** Where the station of the head keeps all that is ours. */
  readonly directory: string
  readonly program: string
}

export interface SchedulerKind<M extends SchedulerManner = SchedulerManner> {
  /** Throws `usage` where tasks would not be taken in this manner, `busy` where there is no room now, `engine` where nobody answers. */
  probe(manner: M, here: HeadHere): Promise<EngineFacts>
  /** Nothing is submitted yet. */
  begin(submission: Submission, manner: M, at: Headquarters): TasksOfRun
}

export type SchedulerKinds = {
  readonly [K in SchedulerManner['kind']]?: SchedulerKind<Extract<SchedulerManner, { kind: K }>>
}

/** Throws `usage` where this head does not know it. */
export function kindOf(manner: SchedulerManner, kinds: SchedulerKinds): SchedulerKind {
  const kind = kinds[manner.kind] as SchedulerKind | undefined
  if (kind !== undefined) return kind
  throw new RepriseError('usage', 'is no scheduler that this head knows', {
    subject: manner.kind,
    remedy: 'Hand the run over from the machine whose configuration names it',
  })
}
