/**
 * The port that every runner fills: it is given chunks to execute and a sink to tell what came of them. In which
 * order, in which batches and on which machines is its own affair and shows in no result (law 1).
 */
import type { EngineEnvironment } from '../lib/environment.ts'
import type { ProbeOutcome } from '../lib/probe.ts'
import type { TaskState } from './array/engine.ts'
import type { LogStream, Stack, Touch } from './protocol.ts'

export interface Assignment {
  /** Path of the capsule file. */
  readonly capsule: string
  /** Experiment hash, hex. */
  readonly hash: string
  /** The chunks to execute, each once; may be read lazily. */
  readonly chunks: Iterable<number>
  readonly count: number
  /** Paths of input files by SHA-256. */
  readonly inputs: Readonly<Record<string, string>>
  /**
   * Where a chunk was executed before: the text of that environment, or null. Engines of another are preferred then,
   * where the runner has any; it is a wish, not a condition.
   */
  readonly executedIn?: (chunk: number) => string | null
  /** Whether an engine of this environment, by its text, is to run the experiment's probes before its first chunk; asked once an engine. */
  readonly wantsProbes?: (environment: string) => boolean
  /** What `Sink.taken` was told in earlier executions of the same chunks. */
  readonly taken?: ReadonlySet<string>
  /** The highest number of an engine in them: runners that heed `taken` count on from it. */
  readonly lastEngine?: number
  /** How long the tasks ran that they told of, all together, ms. */
  readonly taskMs?: number
}

/** A chunk's bytes as they came from an engine, checked against the engine's own leaf hash. */
export interface ChunkDone {
  readonly chunk: number
  readonly bytes: Uint8Array
  /** RFC 6962 leaf hash, hex. */
  readonly leaf: string
  readonly failed: number
  readonly ms: number
  readonly engine: number
  readonly stacks: readonly Stack[]
}

export interface LogLine {
  readonly engine: number
  readonly chunk: number
  readonly job: number
  readonly stream: LogStream
  readonly text: string
}

export interface EngineStarted {
  readonly engine: number
  readonly pid: number
  readonly host: string
  readonly node: string
  /** What it says of itself; null where it does not (engines of version 0.1). */
  readonly environment: EngineEnvironment | null
}

/** What came of the probes on an engine. */
export interface Probed {
  readonly engine: number
  /** Text of its environment. */
  readonly environment: string
  readonly outcomes: readonly ProbeOutcome[]
}

/** A task of a scheduler that is over: some engines on one node, for a time. It says where chunks were made, and is in no result. */
export interface TaskTold {
  /** Such as slurm. */
  readonly scheduler: string
  /** Its own name for itself. */
  readonly cluster: string | null
  /** As the scheduler names it, such as 123_4. */
  readonly job: string
  readonly restarts: number
  readonly node: string | null
  readonly state: TaskState
  /** The scheduler's own words on its end; or the task's, where it said more. */
  readonly words: string | null
  /** ISO 8601, UTC: the scheduler's where it says, else the task's own. */
  readonly started: string | null
  readonly ended: string | null
  /** Of all its processes; null where nobody measured. */
  readonly cpuMs: number | null
  readonly maxRssBytes: number | null
  /** Who measured time and memory. */
  readonly measured: 'scheduler' | 'task' | null
  /** Chunks that it delivered. */
  readonly chunks: number
  /** The container image that it ran in, by its digest as the scheduler resolved it; not there where it told of none. */
  readonly image?: string
  /** Its engines, by the numbers under which they were told. */
  readonly engines: readonly number[]
}

/** Where a runner tells what happens. Calls are synchronous; `chunk` may be told the same chunk twice. */
export interface Sink {
  chunk(done: ChunkDone): void
  log(line: LogLine): void
  engine(started: EngineStarted): void
  /** User code touched what may not be the same elsewhere; told about once a kind and engine. */
  touched(touch: Touch): void
  /** Only where `wantsProbes` said so. */
  probed?(found: Probed): void
  /** An engine was lost with these chunks; they are executed again. */
  lost(engine: number, reason: string, chunks: readonly number[]): void
  /** An engine ended well, and another takes its place. */
  replaced?(engine: number): void
  /** A chunk is given up: it took too many engines with it. */
  setAside(chunk: number, reason: string): void
  /** Where an engine is, every beat: at this job of this chunk; -1 where it is at none. */
  at?(engine: number, chunk: number, job: number): void
  /** A task of a scheduler is over. */
  task?(told: TaskTold): void
  /** All that was told before this word is not told again where the word is given back in `Assignment.taken`. */
  taken?(word: string): void
}

export interface Runner {
  readonly kind: string
  /** The cluster where its engines are, as a configuration names it, such as ssh:lab; not there where they are here. */
  readonly cluster?: string
  /** How many engines it means to use. */
  readonly engines: number
  /** Ends when every chunk was told to the sink as done or set aside, or soon after `signal` was aborted. */
  execute(assignment: Assignment, sink: Sink, signal: AbortSignal): Promise<void>
}
