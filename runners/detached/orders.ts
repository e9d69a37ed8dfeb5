/**
 * What the near side asks of a head, one order a process: a line of JSON on stdin, and a line of JSON with the answer on
 * stdout; after it, for some, bytes until the end.
 */
import type { ErrorRecord } from '../../lib/errors.ts'
import type { Position } from './stream.ts'

/** Where the station of the head keeps all that is ours; absolute. */
interface There {
  readonly directory: string
}

interface OfRun extends There {
  readonly run: string
}

export type HeadOrder =
  /** Text of a submission; what it names is there already. Answers with a FarRun. */
  | ({ readonly verb: 'submit'; readonly submission: string } & There)
  /** Answers with a list of FarRun. */
  | ({ readonly verb: 'runs' } & There)
  /** Whether it has a scheduler that takes tasks in this manner; `how` is the text of a SchedulerManner. Answers with EngineFacts. */
  | ({ readonly verb: 'probe'; readonly how: string } & There)
  | ({ readonly verb: 'run' } & OfRun)
  /** Asks whoever executes it to stop. Answers with a FarRun. */
  | ({ readonly verb: 'cancel' } & OfRun)
  /** Has it executed further, whatever stopped it; `how` is the text of a Manner. Answers with a FarRun. */
  | ({ readonly verb: 'restart'; readonly how: string } & OfRun)
  /** All of it is somewhere else: it may be removed. Answers with a FarRun. */
  | ({ readonly verb: 'release' } & OfRun)
  /** Bytes: the submission. */
  | ({ readonly verb: 'submission' } & OfRun)
  /** Bytes: what the submission names. */
  | ({ readonly verb: 'content'; readonly sha256: string } & OfRun)
  /** Bytes: the journal from a place on, as in stream.ts. */
  | ({ readonly verb: 'journal'; readonly follow: boolean } & OfRun & Position)

export type HeadAnswer = { readonly answer: unknown } | { readonly error: ErrorRecord }
