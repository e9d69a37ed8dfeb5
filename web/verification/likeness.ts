/**
 * How like what a browser gave for a chunk is to what is recorded. Other bits are a divergence only where the browser is not a
 * cause of its own: engines of JavaScript word their errors as they like, lack what only Node has, and know languages otherwise.
 */
import { canonicalJson } from '../../lib/canonical.ts'
import { type ChunkRecord, chunkPlace, type JobError, parseChunk } from '../../lib/chunk.ts'
import type { ExperimentDocument } from '../../lib/document.ts'
import { RepriseError } from '../../lib/errors.ts'
import type { RunRecord } from '../../provenance/manifest.ts'

export type Likeness =
  | { readonly kind: 'identical' }
  /** The same but for the messages of so many failed jobs, whose errors are the engine's own. */
  | { readonly kind: 'wording'; readonly errors: number }
  /** Not executed: jobs ended at a name that Node has and a browser lacks. */
  | { readonly kind: 'needs-node'; readonly name: string }
  /** Other bits, and whether the code or this browser gave them cannot be told here. */
  | { readonly kind: 'unsettled'; readonly why: string }
  | { readonly kind: 'divergent' }

/** A job's result as text, or its error; summaries are one more without a failure. */
type Told = ReadonlyMap<string, string | JobError>

const OWN_ERRORS = ['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError', 'EvalError', 'URIError']
const NODE_NAMES =
  /^(?:Can't find variable: )?(Buffer|process|global|require|module|exports|setImmediate|clearImmediate|__dirname|__filename)(?: is not defined)?$/

/** Of a chunk whose bytes `actual` are not the recorded ones; `before` are those, or null where they are not here. */
export function likenessOf(
  document: ExperimentDocument,
  chunk: number,
  before: Uint8Array | null,
  actual: Uint8Array,
  run: RunRecord,
): Likeness {
  const got = toldIn(document, chunk, actual)
  if (got === null) return { kind: 'divergent' }
  const recorded = before === null ? null : toldIn(document, chunk, before)
  return recorded === null ? likenessAlone(got, run) : likenessBeside(recorded, got, run)
}

function likenessBeside(recorded: Told, got: Told, run: RunRecord): Likeness {
  let [errors, others] = [0, 0]
  let lacked: string | null = null
  for (const job of new Set([...recorded.keys(), ...got.keys()])) {
    const [left, right] = [recorded.get(job), got.get(job)]
    if (same(left, right)) continue
    const name = nodeName(right)
    if (name !== null && nodeName(left) === null) lacked ??= name
    else if (differInWords(left, right)) errors++
    else if (job !== SUMMARY) others++
  }
  const isSummaryOther = !same(recorded.get(SUMMARY), got.get(SUMMARY))
  if (lacked !== null && others === 0) return { kind: 'needs-node', name: lacked } // a summary follows its jobs
  if (others > 0 || isSummaryOther) return otherBits(run)
  return errors > 0 ? { kind: 'wording', errors } : { kind: 'divergent' }
}

/** Where only the digest of what is recorded is here. */
function likenessAlone(got: Told, run: RunRecord): Likeness {
  const outcomes = [...got.values()]
  const name = outcomes.map(nodeName).find((found) => found !== null)
  if (name !== undefined) return { kind: 'needs-node', name }
  if (outcomes.some((told) => typeof told === 'object' && OWN_ERRORS.includes(told.name)))
    return {
      kind: 'unsettled',
      why: 'jobs of it failed with errors that every engine of JavaScript words as it likes, and the recorded words are not in this page',
    }
  return otherBits(run)
}

/** The guard of the run tells whether its code asked for what browsers and Node know otherwise. */
function otherBits({ guard = 'off', touched = [] }: RunRecord): Likeness {
  const asked = touched.find(({ kind }) => kind === 'locale')
  if (asked !== undefined)
    return {
      kind: 'unsettled',
      why: `its code calls ${asked.name} (${asked.place}), and this browser's language data may not be Node's`,
    }
  if (guard !== 'off') return { kind: 'divergent' }
  return {
    kind: 'unsettled',
    why: "its code ran unguarded, so it may have asked for the runtime's language data, which may not be the same here",
  }
}

const SUMMARY = 'summary'

/** Null for what is no chunk. */
function toldIn(document: ExperimentDocument, chunk: number, bytes: Uint8Array): Told | null {
  let record: ChunkRecord
  try {
    record = parseChunk(bytes, chunkPlace(document, chunk))
  } catch (error) {
    if (!(error instanceof RepriseError)) throw error
    return null
  }
  if ('summary' in record) {
    const failed = record.failed.map(({ job, error }) => [String(job), error] as const)
    return new Map<string, string | JobError>([[SUMMARY, canonicalJson(record.summary)], ...failed])
  }
  return new Map(
    record.jobs.map((job, i) => [String(i), 'result' in job ? canonicalJson(job.result) : job.error]),
  )
}

function same(left: string | JobError | undefined, right: string | JobError | undefined): boolean {
  if (typeof left !== 'object' || typeof right !== 'object') return left === right
  return left.name === right.name && left.message === right.message
}

function differInWords(left: string | JobError | undefined, right: string | JobError | undefined): boolean {
  if (typeof left !== 'object' || typeof right !== 'object') return false
  return left.name === right.name && OWN_ERRORS.includes(left.name)
}

function nodeName(told: string | JobError | undefined): string | null {
  if (typeof told !== 'object' || told.name !== 'ReferenceError') return null
  return NODE_NAMES.exec(told.message)?.[1] ?? null
}
