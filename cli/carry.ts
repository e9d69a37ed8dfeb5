/**
 * What is done with a run once it is planned: executed while we are there, handed to a process of its own, or handed over whole
 * to the head of a cluster, and followed there. Where it goes was chosen, and what it needs was seen to be there, before it was planned.
 */
import { withAllowance } from '../lab/allowance.ts'
import { isScheduler } from '../lab/cluster-word.ts'
import { findLab, type RunFolder } from '../lab/lab.ts'
import type { OpenHead } from '../lab/open-head.ts'
import { readPlan } from '../lab/results.ts'
import { runState } from '../lab/state.ts'
import { carryOut, runAnswer } from './commands/run.ts'
import { detach } from './detach.ts'
import { EXIT } from './exit.ts'
import { endOnInterrupt } from './interrupt.ts'
import type { DetachOptions, EngineOptions } from './options.ts'
import { type Chosen, runnerOptions, trafficAnswer } from './runner.ts'
import type { Terminal } from './terminal.ts'

export async function carry(
  run: RunFolder,
  chosen: Chosen,
  options: EngineOptions & DetachOptions,
  out: Terminal,
): Promise<number> {
  if ('open' in chosen) return handOverTo(chosen.open, run, options, out)
  if (options.detach === true) return detach(run, options, out)
  if (readPlan(run).rerun === null) return carryOut(run, chosen, options, out)
  const { carryOutRerun } = await import('./commands/rerun.ts') // it loads all that verifies records
  return carryOutRerun(run, chosen, options, out)
}

/**
 * Hands it over to the head of a cluster, or has it executed further where it is there already. To a scheduler it is handed over in any
 * case: then it is followed, unless it is to be detached.
 */
export async function handOverTo(
  open: OpenHead,
  run: RunFolder,
  options: EngineOptions & DetachOptions,
  out: Terminal,
): Promise<number> {
  const lab = findLab(process.cwd())
  const follow = isScheduler(open.runner) && options.detach !== true
  const { runner, host } = open
  const placement = open.placement(withAllowance(run, runnerOptions(options)))
  const handedOver = endOnInterrupt(
    () => {},
    out.json,
    `${run.id} may be at ${runner} by now: see reprise status ${run.id}, or go on: reprise resume ${run.id}`,
  )
  const { handOver } = await import('../lab/hand-over.ts') // here, for most runs are on no cluster
  const there = await handOver(lab, run, open, placement).finally(handedOver)
  if (follow) {
    out.say(`${runner} executes it, also without us: Ctrl-C leaves it there`)
    const { collectFrom } = await import('./commands/collect.ts')
    return collectFrom(lab, run, open, { follow }, out)
  }
  out.say(`${host} of ${runner} executes it without us: reprise collect ${run.id}, watch, status, cancel`)
  out.print(run.id)
  const state = { ...runState(run), state: 'detached' } as const
  const where = { cluster: open.cluster.name, runner, there }
  out.answer({ ...runAnswer(run, state), ...where, ...trafficAnswer(open.traffic()) })
  return EXIT.done
}
