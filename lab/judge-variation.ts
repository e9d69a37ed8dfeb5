/** What an execution under a variation says beside the baseline: the same bits, other bits, or nothing. */
import { chunkPlace, parseChunk } from '../lib/chunk.ts'
import { differences } from '../lib/compare.ts'
import type { ExperimentDocument } from '../lib/document.ts'
import { encode, type Json, type Value } from '../lib/values.ts'
import { type Divergence, explainChunk } from '../provenance/explain.ts'
import type { Unsteady } from './unsteady.ts'
import type { Aspect, Variation } from './variations.ts'
import type { Execution } from './vary.ts'

export type VariationState = 'identical' | 'divergent' | 'not executed'

export interface VariationReport {
  readonly name: string
  readonly how: string
  readonly aspect: Aspect
  readonly state: VariationState
  /** Why it was not executed, or what is to be known of a difference; null where there is nothing to add. */
  readonly why: string | null
  /** True where it was tried and chunks of it could not be executed. */
  readonly incomplete: boolean
  /** True where bits differ only in places that are not steady without any variation either. */
  readonly unsteadyOnly: boolean
  /** The first difference of each chunk that gave other bits. */
  readonly divergent: readonly Divergence[]
  /** What is another in the experiment's own document, where that is what differs. */
  readonly experiment: { readonly path: string; readonly expected: Json; readonly actual: Json } | null
  readonly ms: number
}

const UNSTEADY = 'only where bits differ without a variation, too'

/** What the baseline gave, by chunk. */
export type Measure = ReadonlyMap<number, Uint8Array>

/** A variation that was not executed. */
export function notExecuted({ name, how, aspect }: Variation, why: string, ms = 0): VariationReport {
  const nothing = { unsteadyOnly: false, divergent: [], experiment: null }
  return { name, how, aspect, state: 'not executed', why, incomplete: ms > 0, ms, ...nothing }
}

/** Compares each chunk that came with the baseline's, every time that it came. */
export function judgeVariation(
  document: ExperimentDocument,
  measure: Measure,
  variation: Variation,
  execution: Execution,
  unsteady: Unsteady,
): VariationReport {
  const { name, how, aspect } = variation
  const { ms, failure, setAside } = execution
  const said = { name, how, aspect, ms, incomplete: false, unsteadyOnly: false, experiment: null }
  if (failure?.code === 'not-intact') {
    const why = unsteady.experiment ? UNSTEADY : 'the experiment itself is another when it is loaded'
    const experiment = documentDifference(document, execution.otherDocument)
    return {
      ...said,
      state: 'divergent',
      why,
      divergent: [],
      experiment,
      unsteadyOnly: unsteady.experiment,
    }
  }
  const lacking = lackingFeature(document, measure, variation, execution)
  if (lacking !== null) return notExecuted(variation, lacking)
  const [steady, all] = [new Map<number, Divergence>(), new Map<number, Divergence>()]
  for (const { chunk, bytes } of execution.done) {
    const expected = measure.get(chunk)
    if (expected === undefined || Buffer.compare(expected, bytes) === 0) continue
    if (!all.has(chunk)) all.set(chunk, explainChunk(document, chunk, expected, bytes))
    const found = unsteady.firstSteady(chunk, expected, bytes)
    if (found !== null && !steady.has(chunk)) steady.set(chunk, found)
  }
  const incomplete = failure !== null || setAside.some(({ chunk }) => measure.has(chunk))
  const trouble = incomplete ? (failure?.line ?? setAside.map(({ reason }) => reason)[0] ?? null) : null
  if (all.size === 0 && trouble !== null) return notExecuted(variation, trouble, ms)
  const unsteadyOnly = all.size > 0 && steady.size === 0
  return {
    ...said,
    state: all.size === 0 ? 'identical' : 'divergent',
    why: unsteadyOnly ? UNSTEADY : trouble,
    incomplete,
    unsteadyOnly,
    divergent: [...(unsteadyOnly ? all : steady).values()].sort((a, b) => a.chunk - b.chunk),
  }
}

function documentDifference(document: ExperimentDocument, other: ExperimentDocument | null) {
  if (other === null) return null
  const [found] = differences(document as unknown as Value, other as unknown as Value, 'experiment')
  if (found === undefined) return null
  const shown = (value: Value | undefined) => (value === undefined ? null : encode(value))
  return { path: found.path, expected: shown(found.left), actual: shown(found.right) }
}

/** V8 has no WebAssembly without its compilers: jobs that fail for want of it say nothing about bits. */
function lackingFeature(
  document: ExperimentDocument,
  measure: Measure,
  { start }: Variation,
  { done, failure }: Execution,
): string | null {
  if (start.flags?.includes('--jitless') !== true) return null
  const lacks = /\bWebAssembly is not defined\b/
  const why = 'something in the capsule needs WebAssembly, which Node does not have with --jitless'
  if (failure !== null) return lacks.test(failure.message) ? why : null
  for (const { chunk, bytes, failed } of done) {
    if (failed === 0 || !measure.has(chunk)) continue
    const record = parseChunk(bytes, chunkPlace(document, chunk))
    const errors =
      'jobs' in record
        ? record.jobs.flatMap((job) => ('error' in job ? [job.error] : []))
        : record.failed.map(({ error }) => error)
    const expected = Buffer.from(measure.get(chunk)!).toString('utf8')
    if (errors.some(({ message }) => lacks.test(message)) && !lacks.test(expected)) return why
  }
  return null
}
