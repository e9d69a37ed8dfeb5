/**
 * `check`: before a million jobs are spent, a few chunks are executed several times, with one thing varied at a time,
 * and their bytes are compared (law 1). Nothing is written to the lab, and no run is recorded.
 */
import { chunkCount } from '../lib/document.ts'
import { RepriseError } from '../lib/errors.ts'
import { spreadSample } from '../lib/sample.ts'
import { locate } from '../provenance/locate.ts'
import { NATIVE_MATH } from '../provenance/warnings.ts'
import type { Description, Touch } from '../runners/protocol.ts'
import { installedLocales, nodesAtHand } from './at-hand.ts'
import { type Baseline, baselineOf } from './baseline.ts'
import { type Cause, likelyCauses } from './causes.ts'
import { executeVariations } from './course.ts'
import { judgeVariation, notExecuted, type VariationReport } from './judge-variation.ts'
import { makeCapsule } from './make-capsule.ts'
import type { Scratch } from './scratch.ts'
import { touchedOnce } from './touched.ts'
import { trialRefusal } from './trial.ts'
import { Unsteady } from './unsteady.ts'
import { ANOTHER_NODE, baseline, type Variation, variationsFor } from './variations.ts'
import { type Execution, type Subject, vary } from './vary.ts'

export interface CheckOptions {
  /** How many chunks. */
  readonly chunks: number
  /** Longest time a single job may take, ms; null for no limit. */
  readonly timeoutMs: number | null
  /** Paths of other Nodes. */
  readonly runtimes: readonly string[]
  /** Names of variations that are left out. */
  readonly skip: readonly string[]
}

export interface CheckReport {
  readonly consistent: boolean
  /** False where some chunks could not be executed. */
  readonly complete: boolean
  readonly baseline: Baseline
  readonly variations: readonly VariationReport[]
  /** What guards saw touched, in any of the executions. */
  readonly touched: readonly Touch[]
  readonly causes: readonly Cause[]
  /** What lessens what the check says, whatever that is. */
  readonly warnings: readonly string[]
}

export interface CheckObserver {
  /** Told before a Node is fetched, which takes its time. */
  say?(line: string): void
  baseline?(baseline: Baseline, variations: readonly Variation[]): void
  variation?(report: VariationReport): void
}

/** Checks the experiment in the file `path` (absolute). Throws what `run` throws before there is a run. */
export async function check(
  path: string,
  options: CheckOptions,
  scratch: Scratch,
  observer: CheckObserver = {},
): Promise<CheckReport> {
  const nodes = await nodesAtHand(options.runtimes, process.env, observer)
  const start = { folder: scratch.folder('same') }
  const made = await scratch.withEngines(start, (launcher) => makeCapsule(path, launcher))
  const { capsule, description } = made
  const { timeoutMs } = options
  const subject = { capsule, description, inputs: scratch.putInputs(made.inputs), timeoutMs }
  const program = description.program !== null
  const situation = { program, nodes, locales: program ? installedLocales() : [], home: scratch.home }
  const planned = (chunks: readonly number[]) => chosen(variationsFor({ ...situation, chunks }), options.skip)
  const chunks = spreadSample(chunkCount(description.document), options.chunks)
  planned(chunks) // refuses names that are none before anything is executed

  const first = await vary(scratch, subject, baseline(chunks))
  refuse(description, first)
  const variations = planned(first.done.map(({ chunk }) => chunk).sort((a, b) => a - b))
  const facts = baselineOf(description, first, chunks, variations)
  observer.baseline?.(facts, variations)
  const { reports, executions } = await course(scratch, subject, first, variations, observer)
  const touches = executions.flatMap((execution) => execution.touches)
  // Guards do not see into programs.
  const touched = program ? [] : touchedOnce(touches, (place) => locate(place, capsule.digest, capsule.map))
  const { math, guard } = description
  return {
    consistent: reports.every(({ state }) => state !== 'divergent'),
    complete: first.setAside.length === 0 && reports.every(({ incomplete }) => !incomplete),
    baseline: facts,
    variations: reports,
    touched,
    causes: likelyCauses(reports, { math, guard, program, touched }),
    warnings: warningsOf(description, facts),
  }
}

/** What lessens the check's word. */
function warningsOf({ math, guard, program }: Description, { jobs, failedJobs }: Baseline): string[] {
  return [
    ...(math === 'native' && program === null ? [NATIVE_MATH] : []),
    ...(guard === 'off' ? ["nobody looked at what its jobs touch (guard: 'off')"] : []),
    ...(program !== null ? ['what its program touches is not seen by guards'] : []),
    ...(jobs > 0 && failedJobs === jobs ? ['every job failed: only their errors were compared'] : []),
  ]
}

/** Variations without those that are to be left out. Throws `usage` for a name that is none. */
function chosen(variations: readonly Variation[], skip: readonly string[]): Variation[] {
  const names = [...new Set([...variations.map(({ name }) => name), ANOTHER_NODE])]
  const odd = skip.find((word) => !names.includes(word))
  if (odd !== undefined) {
    throw new RepriseError('usage', `${JSON.stringify(odd)} is no variation`, {
      subject: '--skip',
      remedy: `There are ${names.join(', ')}`,
    })
  }
  const skipped = ({ name, aspect }: Variation) =>
    skip.includes(name) || (aspect === 'node' && skip.includes(ANOTHER_NODE))
  return variations.filter((variation) => !skipped(variation))
}

/** What `run` would refuse, too: engines that cannot be started, and a trial that holds no value. */
function refuse({ document }: Description, { failure, done }: Execution): void {
  if (failure !== null && failure.code !== 'not-intact') throw failure
  const refusal = done[0] === undefined ? null : trialRefusal(document, done[0])
  if (refusal !== null) throw refusal
}

/** The variations, where there is something to compare them with. */
async function course(
  scratch: Scratch,
  subject: Subject,
  first: Execution,
  variations: readonly Variation[],
  observer: CheckObserver,
): Promise<{ reports: readonly VariationReport[]; executions: readonly Execution[] }> {
  const tell = (report: VariationReport) => observer.variation?.(report)
  if (first.failure === null && first.done.length > 0)
    return executeVariations(scratch, subject, first, variations, tell)
  const { document } = subject.description
  const why =
    first.failure === null
      ? 'no chunk could be executed without a variation'
      : 'the experiment is another each time it is loaded'
  const reports = variations.map((variation, i) =>
    i === 0 && first.failure !== null
      ? judgeVariation(document, new Map(), variation, first, new Unsteady(document))
      : notExecuted(variation, why),
  )
  reports.forEach(tell)
  return { reports, executions: [first] }
}
