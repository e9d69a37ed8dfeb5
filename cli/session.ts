/** One stretch of execution as the user sees it: engines, progress, lost engines, Ctrl-C, and how it ended. */
import pc from 'picocolors'
import type { Observer } from '../lab/collect.ts'
import { executeRun, type Outcome } from '../lab/execute.ts'
import type { Lab, RunFolder } from '../lab/lab.ts'
import { locateIn } from '../lab/objects.ts'
import { probeFailures } from '../lab/probes.ts'
import { readPlan } from '../lab/results.ts'
import type { ChosenRunner } from '../lab/runner-for.ts'
import { type RunState, runState } from '../lab/state.ts'
import { EXIT } from './exit.ts'
import { onInterrupt } from './interrupt.ts'
import type { EngineOptions } from './options.ts'
import { showProgress } from './progress.ts'
import { againWords } from './runtime.ts'
import type { Terminal } from './terminal.ts'
import { oneLine, several, touchWords } from './words.ts'

/** Lost engines told one by one; after that they are only in the record. */
const MOST_LOST = 5

interface Told extends Pick<Observer, 'engine' | 'probed'> {
  /** Said when it is interrupted. */
  readonly leaving?: string
  /** Begins with it and shows words beside the progress. */
  beside?(show: (words: string) => void): { stop(): void }
}

/** Executes what is missing of the run with the chosen runner's engines and tells how it ended. */
export function execute(
  lab: Lab,
  run: RunFolder,
  { runner, maxCoreHours }: ChosenRunner,
  out: Terminal,
  told: Told = {},
): Promise<Outcome> {
  return observed(
    lab,
    run,
    out,
    (signal, observer) => executeRun(lab, run, runner, signal, observer, { maxCoreHours }),
    told,
  )
}

/** Shows how a run goes on by what `action` does, until it is over or interrupted. */
export async function observed(
  lab: Lab,
  run: RunFolder,
  out: Terminal,
  action: (signal: AbortSignal, observer: Observer) => Promise<Outcome>,
  told: Told = {},
): Promise<Outcome> {
  const { experiment, capsule } = readPlan(run)
  const { chunks, chunksDone } = runState(run)
  const { signal, over } = onInterrupt(out.say, told.leaving)
  const progress = showProgress(experiment.document, { chunks, chunksDone }, out.say)
  const kinds = new Set<string>() // each is told once; the manifest lists them all
  const beside = told.beside?.(progress.note)
  let lost = 0
  try {
    return await action(signal, {
      chunks: progress.chunks,
      ...(told.engine === undefined ? {} : { engine: told.engine }),
      probed(found) {
        for (const line of probeFailures(found.outcomes)) out.say(pc.yellow(line))
        told.probed?.(found)
      },
      replicating(count) {
        progress.stop()
        out.say(`executing ${several(count, 'chunk')} a second time on fresh engines`)
      },
      touched(touch) {
        if (kinds.has(touch.kind)) return
        kinds.add(touch.kind)
        out.say(pc.yellow(touchWords({ ...touch, place: locateIn(lab, capsule.sha256, touch.place) })))
      },
      lost(engine, reason, chunks) {
        if (++lost <= MOST_LOST)
          out.say(
            `engine ${engine} was lost (${locateIn(lab, capsule.sha256, reason)}); others take over ${several(chunks.length, 'chunk')}`,
          )
      },
      setAside: (chunk, reason) =>
        out.say(`chunk ${chunk} is set aside: ${locateIn(lab, capsule.sha256, reason)}`),
    })
  } finally {
    over()
    beside?.stop()
    progress.stop()
  }
}

/** Tells of a run that did not come to its end, and gives the exit code. */
export function tellUnfinished(
  run: RunFolder,
  outcome: Outcome,
  options: EngineOptions,
  out: Terminal,
  more = '',
): number {
  const state = runState(run)
  const go = `reprise resume ${run.id}${againWords(options)}${more}`
  const { replicas } = state
  const twice = replicas === null ? '' : `, ${replicas.done} of ${several(replicas.chunks, 'replica')}`
  const kept = `${several(state.chunksDone, 'chunk')} of ${state.chunks} are safe${twice}`
  if (outcome.state === 'incomplete' && outcome.reason !== undefined) {
    out.say(pc.yellow(`incomplete: ${kept}; ${oneLine(outcome.reason)}. Go on: ${go}`))
    return EXIT.incomplete
  }
  if (outcome.state === 'incomplete') {
    const names = outcome.setAside.map(({ chunk }) => chunk).join(', ')
    out.say(pc.yellow(`incomplete: ${kept}; set aside: chunk ${names}. Try them again: ${go}`))
    return EXIT.incomplete
  }
  out.say(pc.yellow(`${outcome.state}: ${kept}. Go on: ${go}`))
  return EXIT.interrupted
}

/** The loud line that failed jobs deserve. */
export function tellFailures({ failedJobs, jobs, run }: RunState, out: Terminal): void {
  if (failedJobs === 0) return
  out.say(
    pc.yellow(
      `${failedJobs} of ${several(jobs, 'job')} failed and are recorded as such: reprise show ${run}`,
    ),
  )
}
