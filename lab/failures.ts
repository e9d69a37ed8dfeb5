/**
 * Failed jobs of a run in groups: those whose errors have the same name and say the same but for numbers, with where they
 * happened and, of one of each group, the stack. Only so many chunks are read, and what they hold may be anything.
 */
import { chunkPlace, type JobError, parseChunk } from '../lib/chunk.ts'
import type { Point } from '../lib/design.ts'
import type { ResultsStore } from './results.ts'

export interface FailureGroup {
  readonly name: string
  /** As the first of them said it. */
  readonly message: string
  readonly jobs: number
  /** The first ones. */
  readonly places: readonly FailurePlace[]
  /** In the capsule; null where none was kept. */
  readonly stack: string | null
}

export interface FailurePlace {
  readonly chunk: number
  readonly job: number
  readonly point: Point
  readonly repetition: number
}

export interface Failures {
  /** The largest first. */
  readonly groups: readonly FailureGroup[]
  /** Failed jobs that were read, of how many there are. */
  readonly read: number
  readonly of: number
}

/** Chunks that are read, their bytes in all, groups that are told apart, places told of each, characters of a message. */
const [MOST_CHUNKS, MOST_BYTES, MOST_GROUPS, MOST_PLACES, MOST_TEXT] = [500, 2 ** 23, 50, 5, 2_000]

const ROWS = `
SELECT chunk, CAST(bytes AS BLOB) AS bytes, stacks FROM chunks
WHERE failed > 0 AND chunk > ? AND octet_length(bytes) <= ${MOST_BYTES} ORDER BY chunk LIMIT 1`

interface Row {
  readonly chunk: number
  readonly bytes: Uint8Array
  readonly stacks: string | null
}

interface Group extends FailureGroup {
  jobs: number
  readonly places: FailurePlace[]
  stack: string | null
}

/** Throws `not-intact` for chunks that are none. */
export function groupFailures(store: ResultsStore): Failures {
  const { document } = store.plan().experiment
  const groups = new Map<string, Group>()
  let [read, bytes, last] = [0, 0, -1]
  for (let chunks = 0; chunks < MOST_CHUNKS && bytes < MOST_BYTES; chunks++) {
    const row = store.database.prepare(ROWS).get(last) as Row | undefined
    if (row === undefined) break
    last = row.chunk
    bytes += row.bytes.length
    const place = chunkPlace(document, row.chunk)
    const stacks = row.stacks === null ? [] : (JSON.parse(row.stacks) as { job: number; stack: string }[])
    for (const [job, error] of errorsOf(parseChunk(row.bytes, place))) {
      read++
      const { chunk, point, first } = place
      const stack = framesOf(stacks.find((one) => one.job === job)?.stack)
      add(groups, error, { chunk, job, point, repetition: first + job }, stack)
    }
  }
  const ordered = [...groups.values()].sort((a, b) => b.jobs - a.jobs)
  return { groups: ordered, read, of: store.counts().failedJobs }
}

function add(groups: Map<string, Group>, error: JobError, place: FailurePlace, stack: string | null): void {
  const [name, message] = [error.name.slice(0, MOST_TEXT), error.message.slice(0, MOST_TEXT)]
  const full = groups.size >= MOST_GROUPS
  const key = JSON.stringify([name, message.replace(/\d+(\.\d+)?(e[+-]?\d+)?/gi, '#')])
  const group = groups.get(key)
  if (group === undefined) {
    if (full) return
    groups.set(key, { name, message, jobs: 1, places: [place], stack })
    return
  }
  group.jobs++
  group.stack ??= stack
  if (group.places.length < MOST_PLACES) group.places.push(place)
}

/** The places alone: what comes before them is the message again, which may be long. */
function framesOf(stack: string | undefined): string | null {
  if (stack === undefined) return null
  const from = stack.search(/^\s+at /m)
  return stack.slice(Math.max(0, from), Math.max(0, from) + MOST_TEXT)
}

function errorsOf(record: ReturnType<typeof parseChunk>): [job: number, error: JobError][] {
  if ('summary' in record) return record.failed.map(({ job, error }) => [job, error])
  return record.jobs.flatMap((job, i): [number, JobError][] => ('error' in job ? [[i, job.error]] : []))
}
