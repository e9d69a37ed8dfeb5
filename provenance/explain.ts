/** Where two executions of one chunk differ: job, point, path in the value, both values, and the distance in ulps. */
import { type ChunkRecord, chunkPlace, type JobRecord, parseChunk } from '../lib/chunk.ts'
import { differences } from '../lib/compare.ts'
import type { Point } from '../lib/design.ts'
import type { ExperimentDocument } from '../lib/document.ts'
import { decode, encode, type Json, type Value } from '../lib/values.ts'

/** Where a chunk that gave other bits differs first. */
export interface Divergence {
  readonly chunk: number
  readonly point: Point
  /** Place of the first differing job in the chunk, and its repetition; null where that cannot be told. */
  readonly job: number | null
  readonly repetition: number | null
  /** Path in the job's record; null where only the digests are known. */
  readonly path: string | null
  readonly expected: Json
  readonly actual: Json
  readonly ulps: number | null
}

/** The first difference of a chunk, as far as the bytes at hand tell it: without `expected` only its place. */
export function explainChunk(
  document: ExperimentDocument,
  chunk: number,
  expected: Uint8Array | null,
  actual: Uint8Array | null,
): Divergence {
  const first =
    expected === null || actual === null
      ? undefined
      : chunkDifferences(document, chunk, expected, actual).next().value
  return first ?? unknownDivergence(chunk, chunkPlace(document, chunk).point)
}

/** Every difference of a chunk in order, found as it is asked for. */
export function* chunkDifferences(
  document: ExperimentDocument,
  chunk: number,
  expected: Uint8Array,
  actual: Uint8Array,
): Generator<Divergence, undefined> {
  const place = chunkPlace(document, chunk)
  const left = recordValue(parseChunk(expected, place))
  const right = recordValue(parseChunk(actual, place))
  for (const found of differences(left, right, '')) {
    const job = /^\.jobs\[(\d+)\]\.?/.exec(found.path)
    const j = job === null ? null : Number(job[1])
    yield {
      chunk,
      point: place.point,
      job: j,
      repetition: j === null ? null : place.first + j,
      path: job === null ? found.path.slice(1) : found.path.slice(job[0].length),
      expected: shown(found.left),
      actual: shown(found.right),
      ulps: found.ulps,
    }
  }
}

function unknownDivergence(chunk: number, point: Point): Divergence {
  return {
    chunk,
    point,
    job: null,
    repetition: null,
    path: null,
    expected: null,
    actual: null,
    ulps: null,
  }
}

/** A record with its results decoded, so that typed arrays are compared element by element. */
function recordValue(record: ChunkRecord): Value {
  if ('summary' in record) return { ...record, summary: decode(record.summary) } as unknown as Value
  return { chunk: record.chunk, jobs: record.jobs.map(jobValue) } as unknown as Value
}

function jobValue(job: JobRecord): Value {
  return ('result' in job ? { result: decode(job.result) } : job) as Value
}

function shown(value: Value | undefined): Json {
  return value === undefined ? null : encode(value)
}
