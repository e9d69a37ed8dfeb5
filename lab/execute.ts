/**
 * Executes what is missing of a run, under its lock, until it is whole, stopped, or can go no further. `run`,
 * `resume` and `rerun` are this one function: recovery takes the same path as normal work.
 */
import { rmSync } from 'node:fs'
import { chunkCount } from '../lib/document.ts'
import { RepriseError } from '../lib/errors.ts'
import { environment } from '../provenance/environment.ts'
import type { Assignment, Runner, Sink } from '../runners/runner.ts'
import { Collector, type Observer } from './collect.ts'
import type { Lab, RunFolder } from './lab.ts'
import { lockRun } from './lock.ts'
import { capsuleBytes, capsulePath, inputPaths } from './objects.ts'
import type { Plan } from './plan.ts'
import { ResultsStore } from './results.ts'
import { seal } from './seal.ts'
import { TrialRefusal, trialRefusal } from './trial.ts'

export type Outcome =
  /** All chunks are there and the root is recorded. */
  | { readonly state: 'sealed' }
  /** All chunks of an audit's sample are there. */
  | { readonly state: 'sampled' }
  | { readonly state: 'incomplete'; readonly setAside: readonly { chunk: number; reason: string }[] }
  | { readonly state: 'interrupted' | 'cancelled' }

/** How often the executing process looks for requests of others, ms. */
const LOOK_MS = 300

/** Executes the run. Throws `busy`, `storage`, `divergent` or `engine`; what was acknowledged stays in any case. */
export async function executeRun(
  lab: Lab,
  run: RunFolder,
  runner: Runner,
  signal: AbortSignal,
  observer: Observer = {},
): Promise<Outcome> {
  const store = ResultsStore.open(run)
  const asked = store.requests() // before the lock: who asks later has seen that we hold it
  let refused = false
  try {
    const lock = lockRun(run, new Date())
    try {
      return await executeMissing({ lab, run, store, asked }, runner, signal, observer)
    } catch (error) {
      refused = error instanceof TrialRefusal && store.counts().chunks === 0
      throw error
    } finally {
      lock.release()
    }
  } finally {
    store.close()
    if (refused) rmSync(run.path, { recursive: true, force: true }) // it holds no chunk: see trial.ts
  }
}

interface Opened {
  readonly lab: Lab
  readonly run: RunFolder
  readonly store: ResultsStore
  /** Requests that were there before this execution. */
  readonly asked: number
}

async function executeMissing(
  { lab, run, store, asked }: Opened,
  runner: Runner,
  signal: AbortSignal,
  observer: Observer,
): Promise<Outcome> {
  const plan = store.plan()
  const assignment = assignmentOf(lab, plan, missingChunks(plan, store))
  const { kind, engines } = runner
  store.addEvent(new Date(), 'started', {
    runner: kind,
    engines,
    environment: environment(),
    missing: assignment.count,
  })
  const stop = new AbortController()
  let failure: Error | null = null
  const collector = new Collector(store, run, observer, (error) => {
    failure ??= error
    stop.abort()
  })
  const fresh = plan.rerun === null && store.counts().chunks === 0
  const sink = fresh ? withTrial(collector, plan) : collector
  let cancelled = false
  const look = setInterval(() => {
    try {
      cancelled = store.requests() > asked
    } catch {} // a disk that cannot be read is told where chunks are written
    if (cancelled) stop.abort()
  }, LOOK_MS)
  const onAbort = () => stop.abort()
  signal.addEventListener('abort', onAbort)
  if (signal.aborted) stop.abort()
  try {
    await runner.execute(assignment, sink, stop.signal)
  } catch (error) {
    failure ??= error as Error
  } finally {
    clearInterval(look)
    signal.removeEventListener('abort', onAbort)
    collector.close()
  }
  return conclude(run, store, plan, collector, { failure, cancelled, stopped: stop.signal.aborted })
}

/** Lets the first chunk pass only when it is no refusal; see trial.ts. */
function withTrial(collector: Collector, plan: Plan): Sink {
  let tried = false
  return {
    chunk(done) {
      const refusal = tried ? null : trialRefusal(plan.experiment.document, done)
      tried = true
      if (refusal === null) collector.chunk(done)
      else collector.fail(refusal)
    },
    log: (line) => collector.log(line),
    engine: (started) => collector.engine(started),
    touched: (touch) => collector.touched(touch),
    lost: (engine, reason, chunks) => collector.lost(engine, reason, chunks),
    setAside: (chunk, reason) => collector.setAside(chunk, reason),
  }
}

interface Ending {
  readonly failure: Error | null
  readonly cancelled: boolean
  readonly stopped: boolean
}

function conclude(
  run: RunFolder,
  store: ResultsStore,
  plan: Plan,
  collector: Collector,
  ending: Ending,
): Outcome {
  const { setAsideChunks } = collector
  const { failure, cancelled, stopped } = ending
  if (failure !== null) {
    try {
      store.addEvent(new Date(), 'failed', {
        reason: (failure instanceof RepriseError ? failure.line : String(failure)).toWellFormed(),
      })
    } catch {} // the disk may be what failed
    throw failure
  }
  const done = store.counts().chunks
  const planned = plan.rerun?.sample?.length ?? chunkCount(plan.experiment.document)
  if (done === planned && plan.rerun?.sample != null) {
    store.addEvent(new Date(), 'sealed', { sample: done })
    return { state: 'sampled' }
  }
  if (done === planned) {
    seal(run, store, plan)
    return { state: 'sealed' }
  }
  if (stopped) {
    const state = cancelled ? 'cancelled' : 'interrupted'
    store.addEvent(new Date(), state, { chunks: done })
    return { state }
  }
  store.addEvent(new Date(), 'incomplete', {
    chunks: done,
    setAside: setAsideChunks.map(({ chunk }) => chunk),
  })
  return { state: 'incomplete', setAside: setAsideChunks }
}

function assignmentOf(lab: Lab, plan: Plan, missing: Missing): Assignment {
  const capsule = capsulePath(lab, plan.capsule.sha256)
  if (missing.count > 0) capsuleBytes(lab, plan.capsule.sha256) // refuses another's
  return { capsule, hash: plan.experiment.hash, ...missing, inputs: inputPaths(lab, plan.inputs) }
}

type Missing = Pick<Assignment, 'chunks' | 'count'>

/**
 * Chunks that the plan asks for and the store does not have: one bit each, whatever their number. A rerun takes them
 * from the last to the first: a result that depends on what ran before it in the same engine gives other bits then.
 */
function missingChunks(plan: Plan, store: ResultsStore): Missing {
  const total = chunkCount(plan.experiment.document)
  const sample = plan.rerun?.sample ?? null
  const there = new Uint8Array(Math.ceil(total / 8))
  let present = 0
  for (const chunk of store.present()) {
    there[chunk >> 3]! |= 1 << (chunk & 7)
    present++
  }
  function* missing(): Generator<number> {
    const count = sample?.length ?? total
    for (let i = 0; i < count; i++) {
      const at = plan.rerun === null ? i : count - 1 - i
      const chunk = sample === null ? at : sample[at]!
      if ((there[chunk >> 3]! & (1 << (chunk & 7))) === 0) yield chunk
    }
  }
  return { chunks: missing(), count: (sample?.length ?? total) - present }
}
