/** The API for programs, as its users see it: a lab, its runs, and what can be asked of both. */
import type { JobError } from '../../lib/chunk.ts'
import type { Point } from '../../lib/design.ts'
import type { Experiment } from '../../lib/experiment.ts'
import type { MapContext, MapOptions } from '../../lib/map.ts'
import type { StratumKind } from '../../lib/strata.ts'
import type { Value } from '../../lib/values.ts'
import type { RunState } from '../state.ts'
import type { Verdict } from '../verdict.ts'

/** How far a run is: its record at this moment. */
export type Progress = RunState

/** How a run is to be executed. None of it changes a bit of any result. */
export interface ExecuteOptions {
  /** `'local'` when not given, or a cluster of the configuration: `'ssh:NAME'`; or that of a scheduler, `'slurm:NAME'`, `'kubernetes:NAME'` or `'aws-batch:NAME'`, which takes the whole run. */
  readonly runner?: string
  /** Engines at once; one per core when not given. Not for that of a scheduler: its tasks have what its configuration says. */
  readonly engines?: number
  /** Longest time for one job, in seconds; then its engine is replaced. */
  readonly timeout?: number
  /** How long a task of a scheduler is to take, in seconds; what its configuration says when not given. */
  readonly taskTime?: number
  /**
   * Core-hours that the run may take in all; then it stops, and can be resumed. Null for any. When not given, what was said of the run
   * before, and any of a new one.
   */
  readonly maxCoreHours?: number | null
  /** Node for the engines: a version, fetched where it is not at hand, or a path. */
  readonly runtime?: string
}

/** How what is here already is to be executed. */
export interface AgainOptions extends ExecuteOptions {
  /** Consents to execute code that came from elsewhere, with your rights; without it, such code is refused. */
  readonly trust?: boolean
}

export interface SubmitOptions extends ExecuteOptions {
  /** Share of the chunks that is executed twice, on different engines, and compared: `'1%'`, or a number of chunks. */
  readonly replicate?: string | number
  /** Refuses code that is not, byte for byte, that of a commit. */
  readonly audited?: boolean
}

export interface RerunOptions extends AgainOptions {
  readonly replicate?: string | number
  /** Only so many chunks, drawn at random. */
  readonly sample?: number
  /** Draws the sample by a public value that did not exist when the manifest was published. */
  readonly beacon?: string
  /** Takes chunks of each point, or of each environment of engines. */
  readonly stratify?: StratumKind
}

export interface WaitOptions {
  /** Seconds; as long as it takes when not given. */
  readonly timeout?: number
  readonly signal?: AbortSignal
}

export interface ResultsOptions {
  /**
   * `'job'`, when not given: in the order of the design, whatever comes first. `'completion'`: as chunks become durable; those
   * that were there before come first.
   */
  readonly order?: 'job' | 'completion'
  /** `false`: what is there now, and no more. `true`, when not given: to the end of the run. */
  readonly follow?: boolean
  readonly signal?: AbortSignal
}

/** Where a row lies in the design. */
export interface RowPlace<P> {
  readonly chunk: number
  readonly point: P
  readonly repetition: number
  /** 64 hex digits. */
  readonly seed: string
}

/** What came of one job: a result, or the error of a job that failed. */
export type JobRow<P, R> = RowPlace<P> &
  (
    | { readonly result: R; readonly error?: undefined }
    | { readonly result?: undefined; readonly error: JobError }
  )

/** What came of a chunk of an experiment that summarises; its place is that of its first job. */
export interface SummaryRow<P, U> extends RowPlace<P> {
  readonly repetitions: number
  readonly summary: U
  readonly failed: readonly { readonly repetition: number; readonly error: JobError }[]
}

/** The rows of experiment `E`. Where nothing is known of it: those of jobs, with values of any kind. */
export type RowOf<E> =
  E extends Experiment<infer P, infer R, infer U>
    ? [U] extends [never]
      ? JobRow<P, R>
      : SummaryRow<P, U>
    : JobRow<Point, Value>

/** A run of a lab, whoever executes it. All that is asked of it is read from its record, at that moment. */
export interface Run<E = unknown> {
  readonly id: string
  /** Hash of the experiment, hex: the root of all its seeds. */
  readonly experiment: string
  readonly name: string
  readonly progress: Progress
  /** The result root, hex; null until the run is sealed. */
  readonly root: string | null
  /** Path of the manifest; null until the run is sealed. */
  readonly manifest: string | null
  /** Whether it is over: nobody executes it any more, and `get` would not wait. Not while it is with a cluster. */
  ready(): boolean
  /**
   * Waits until nobody here executes or collects it, or so long. How it ended is in what is returned; nothing is thrown. What a
   * cluster executes without us is not waited for: its state is `detached`.
   */
  wait(options?: WaitOptions): Promise<Progress>
  /**
   * What came out, row by row, of a running run to its end. Throws after the last row what stopped it where it did not
   * come to its end, so that a part is never mistaken for the whole.
   */
  results(options?: ResultsOptions): AsyncGenerator<RowOf<E>, void, undefined>
  /**
   * Waits for the end and gives all rows in job order. Jobs that failed are rows with an error. Throws what stopped it
   * otherwise; of a run that is with a cluster, that it is to be collected first.
   */
  get(): Promise<RowOf<E>[]>
  /** Has it stopped, here or by the head of the cluster that has it; what is done is kept. */
  cancel(): Promise<Progress>
  /** Has what is missing of it executed, whatever stopped it. Throws `busy` while it is with an ssh cluster without us: cancel it first; what Slurm
   * has goes on there. */
  resume(options?: AgainOptions): Promise<void>
  /** Executes its capsule again and compares every bit. The rerun is a run of its own, named in the verdict. */
  rerun(options?: RerunOptions): Promise<Verdict & { readonly run: string }>
}

/** A function that a file exports for `Lab.map`. */
export type Mapped = (item: never, context: MapContext<never>) => unknown

/** What function `F` takes. */
export type ItemOf<F extends Mapped> = [Parameters<F>[0]] extends [never] ? unknown : Parameters<F>[0]

export interface MapRunOptions extends ExecuteOptions, MapOptions {}

/** A project's lab, opened for a program. */
export interface Lab {
  /** Its folder: `.reprise` of the project. */
  readonly path: string
  /**
   * Plans a run of an experiment's file and hands it to a process of its own, which lives on after this one. Returns when that
   * has begun. For typed rows, name the experiment: `import type sweep from './sweep.ts'`, `submit<typeof sweep>('sweep.ts')`.
   * A relative path is one from the folder that was opened, as in `map`.
   */
  submit<E = unknown>(file: string | URL, options?: SubmitOptions): Promise<Run<E>>
  /** A run by its id, the beginning of it, or `'@last'`; also one that another process submitted. */
  attach<E = unknown>(run: string): Promise<Run<E>>
  /** All runs, oldest first; the state of one that is damaged says so. */
  runs(): Promise<Run[]>
  /**
   * `items.map(fn)` on engines, where `fn` is the function that `file` exports by default; results in order. Items and results
   * are values: JSON, and also NaN, infinities, bigints and typed arrays. It is a run like any other. Rejects where an item
   * fails, naming the first; what came of the others is in the run.
   */
  map<F extends Mapped = (item: never) => Value>(
    file: string | URL,
    items: readonly ItemOf<F>[],
    options?: MapRunOptions,
  ): Promise<Awaited<ReturnType<F>>[]>
}
