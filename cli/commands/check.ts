/** `reprise check FILE`: a few chunks under variation, before a run; what differs, and the likely cause. */
import pc from 'picocolors'
import type { Baseline } from '../../lab/baseline.ts'
import { type CheckReport, check as carryOut } from '../../lab/check.ts'
import type { VariationReport } from '../../lab/judge-variation.ts'
import { checkFile } from '../../lab/make-capsule.ts'
import { Scratch } from '../../lab/scratch.ts'
import { closingWords, findingWords, touchedWords } from '../check-words.ts'
import { EXIT } from '../exit.ts'
import { endOnInterrupt } from '../interrupt.ts'
import { type Terminal, terminal } from '../terminal.ts'
import { duration, several } from '../words.ts'

export interface CheckCommandOptions {
  readonly chunks: number
  readonly runtime: readonly string[]
  readonly skip: readonly string[]
  /** Seconds. */
  readonly timeout?: number
  readonly json?: boolean
}

/** Room for the longest name of a variation. */
const NAME_WIDTH = 16

export async function check(file: string, options: CheckCommandOptions): Promise<number> {
  const out = terminal(options)
  const path = checkFile(file)
  const timeoutMs = options.timeout === undefined ? null : options.timeout * 1000
  const scratch = new Scratch()
  const isOver = endOnInterrupt(() => scratch.close(), out.json, 'stopped; a check leaves nothing behind')
  let report: CheckReport
  try {
    report = await carryOut(
      path,
      { chunks: options.chunks, timeoutMs, runtimes: options.runtime, skip: options.skip },
      scratch,
      {
        say: out.say,
        baseline: (facts, variations) =>
          tellBaseline(facts, variations.filter(({ unfit }) => unfit === null).length, out),
        variation: (done) => tellVariation(done, out),
      },
    )
  } finally {
    scratch.close()
    isOver()
  }
  tellReport(report, out)
  out.answer(answerOf(report))
  return report.consistent ? (report.complete ? EXIT.done : EXIT.incomplete) : EXIT.divergent
}

function tellBaseline(facts: Baseline, variations: number, out: Terminal): void {
  const { name, chunks, total, jobs, failedJobs, error, setAside, ms, expectedMs } = facts
  out.say(
    `${pc.bold(name)}: ${several(chunks.length, 'chunk')} of ${total} (${chunks.join(', ')}), ${several(jobs, 'job')}, in ${duration(ms / 1000)}`,
  )
  for (const { chunk, reason } of setAside)
    out.say(pc.yellow(`chunk ${chunk} cannot be executed, so nothing is said of it: ${reason}`))
  if (failedJobs > 0) {
    const which = failedJobs === jobs ? `every job failed` : `${several(failedJobs, 'job')} of ${jobs} failed`
    const words = error === null ? '' : `, the first with ${error.name}: ${error.message}`
    out.say(pc.yellow(`${which}${words}`))
  }
  if (setAside.length === chunks.length) return
  out.say(`${several(variations, 'variation')} follow and take about ${duration(expectedMs / 1000)}`)
}

/** A line for each as it is done; a pipe gets what differs when all are done. */
function tellVariation({ name, how, state, why, unsteadyOnly }: VariationReport, out: Terminal): void {
  if (process.stderr.isTTY !== true) return
  const line = (mark: string, words: string) => `${mark} ${name.padEnd(NAME_WIDTH)} ${words}`
  if (state === 'identical') out.say(line(pc.green('✓'), `same bits   ${pc.dim(how)}`))
  else if (state === 'not executed') out.say(pc.dim(line('–', `not executed: ${why}`)))
  else if (unsteadyOnly) out.say(line(pc.yellow('✗'), `differs ${why}`))
  else out.say(line(pc.red('✗'), `${pc.red('differs')}     ${pc.dim(how)}`))
}

function tellReport(report: CheckReport, out: Terminal): void {
  for (const line of findingWords(report)) out.print(line)
  for (const line of touchedWords(report)) out.print(line)
  const word = !report.consistent
    ? pc.red('divergent')
    : report.complete
      ? pc.green('consistent')
      : pc.yellow('incomplete')
  out.print(`${word}: ${closingWords(report)}`)
  for (const warning of report.warnings) out.print(pc.yellow(`note: ${warning}`))
}

function answerOf(report: CheckReport): object {
  const { consistent, complete, baseline, variations, touched, causes, warnings } = report
  const { name, experiment, chunks, total, jobs, failedJobs, setAside } = baseline
  return {
    consistent,
    complete,
    name,
    experiment,
    chunks,
    total,
    jobs,
    failedJobs,
    setAside,
    variations: variations.map(({ aspect: _, ...variation }) => variation),
    touched,
    causes,
    warnings,
  }
}
