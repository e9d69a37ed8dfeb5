/**
 * The first chunk is a trial: when all it holds is jobs whose return is not a value, the experiment is at fault and
 * is refused at once, instead of spending a million jobs on the same mistake. Later failures are recorded (law 7).
 */
import { chunkPlace, parseChunk } from '../lib/chunk.ts'
import type { ExperimentDocument } from '../lib/document.ts'
import { RepriseError } from '../lib/errors.ts'
import type { ChunkDone } from '../runners/runner.ts'

/** The one error on which a run is taken back: it holds no chunk yet. */
export class TrialRefusal extends RepriseError {}

/** The refusal that a run's first chunk earns, or null. */
export function trialRefusal(document: ExperimentDocument, done: ChunkDone): TrialRefusal | null {
  const place = chunkPlace(document, done.chunk)
  if (done.failed < place.jobs) return null
  const record = parseChunk(done.bytes, place)
  if (!('jobs' in record)) return null
  const errors = record.jobs.flatMap((job) => ('error' in job ? [job.error] : []))
  if (!errors.every((error) => error.name === 'InvalidResult')) return null
  const subject = `${document.name}, chunk ${done.chunk}, every job of it`
  const [message = '', remedy] = splitRemedy(errors[0]!.message)
  return new TrialRefusal('invalid-result', message, remedy === undefined ? { subject } : { subject, remedy })
}

/** The engine's one line is «what. what to do». */
function splitRemedy(line: string): string[] {
  const at = line.indexOf('. ')
  return at < 0 ? [line] : [line.slice(0, at), line.slice(at + 2)]
}
