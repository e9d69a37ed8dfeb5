/** `reprise run FILE`: from an experiment file to a sealed run with its manifest. */
import { relative } from 'node:path'
import pc from 'picocolors'
import { findLab, type RunFolder } from '../../lab/lab.ts'
import { type Plan, planRun } from '../../lab/plan.ts'
import { registrationsOf } from '../../lab/register.ts'
import { replicationStatement } from '../../lab/replicas.ts'
import { readPlan } from '../../lab/results.ts'
import type { ChosenRunner } from '../../lab/runner-for.ts'
import { type RunState, runState } from '../../lab/state.ts'
import { pointCount } from '../../lib/design.ts'
import { localLauncher } from '../../runners/local.ts'
import { carry } from '../carry.ts'
import { demandDetachable } from '../detach.ts'
import { EXIT } from '../exit.ts'
import { endOnInterrupt } from '../interrupt.ts'
import type { DetachOptions, EngineOptions, ReplicaOptions } from '../options.ts'
import { tellOthers } from '../others.ts'
import { enginesWords, tellTraffic, trafficAnswer, withRunner } from '../runner.ts'
import { withRuntime } from '../runtime.ts'
import { execute, tellFailures, tellUnfinished } from '../session.ts'
import { type Terminal, terminal } from '../terminal.ts'
import { duration, several } from '../words.ts'

export async function run(
  file: string,
  asked: EngineOptions & ReplicaOptions & DetachOptions & { audited?: boolean; json?: boolean },
): Promise<number> {
  const out = terminal(asked)
  const lab = findLab(process.cwd())
  demandDetachable(asked)
  const options = await withRuntime(asked, null, out)
  return withRunner(lab, options, out, async (chosen) => {
    const launcher = localLauncher()
    const cleanUp = () => {
      launcher.close()
      void chosen.close()
    }
    const planningIsOver = endOnInterrupt(cleanUp, out.json)
    let planned: RunFolder
    try {
      planned = await planRun(lab, file, launcher, new Date(), options.replicate, asked.audited)
    } finally {
      launcher.close()
      planningIsOver()
    }
    tellPlan(planned, enginesWords(options, chosen), out)
    return carry(planned, chosen, options, out)
  })
}

/** Executes, seals and tells; `run` and `resume` end alike. */
export async function carryOut(
  planned: RunFolder,
  chosen: ChosenRunner,
  options: EngineOptions,
  out: Terminal,
): Promise<number> {
  const start = performance.now()
  const lab = findLab(process.cwd())
  tellOthers(lab, planned, out)
  const outcome = await execute(lab, planned, chosen, out)
  const traffic = chosen.traffic()
  tellTraffic(traffic, out)
  const state = runState(planned)
  if (outcome.state === 'sealed') {
    tellSealed(planned, state, start, out)
    out.answer({ ...runAnswer(planned, state), ...trafficAnswer(traffic) })
    return EXIT.done
  }
  const code = tellUnfinished(planned, outcome, options, out)
  out.answer({ ...runAnswer(planned, state), ...trafficAnswer(traffic) })
  return code
}

/** A run that is sealed; `start` is when the command began. */
export function tellSealed(planned: RunFolder, state: RunState, start: number, out: Terminal): void {
  tellFailures(state, out)
  out.print(
    `${pc.green('sealed')} ${state.run}: ${several(state.jobs, 'job')} in ${duration((performance.now() - start) / 1000)}`,
  )
  tellReplicas(state, out)
  out.print(`root      ${state.root}`)
  out.print(`manifest  ${relative(process.cwd(), planned.manifest)}`)
}

/** What the replicas say, where there are any. */
export function tellReplicas({ replicated, chunks }: RunState, out: Terminal): void {
  if (replicated !== null) out.print(`replicated ${replicationStatement(replicated, chunks)}`)
}

/** A run as `run` and `resume` answer with it. */
export function runAnswer(folder: RunFolder, state: RunState): object {
  const { run: id, experiment, name, root, chunks, chunksDone, jobs, failedJobs, replicated } = state
  const manifest = root === null ? null : folder.manifest
  return {
    run: id,
    experiment,
    name,
    state: state.state,
    root,
    chunks,
    chunksDone,
    jobs,
    failedJobs,
    ...(replicated === null ? {} : { replicated }),
    manifest,
  }
}

function tellPlan(planned: RunFolder, engines: string, out: Terminal): void {
  const plan = readPlan(planned)
  const { document, hash } = plan.experiment
  const { jobs, chunks } = runState(planned)
  const points = several(pointCount(document.design), 'point')
  const repetitions = several(document.repetitions, 'repetition')
  out.say(
    `${pc.bold(document.name)}: ${points} × ${repetitions} = ${several(jobs, 'job')} in ${several(chunks, 'chunk')}, ${engines}`,
  )
  out.say(`run ${planned.id}, experiment ${hash.slice(0, 16)}…, capsule ${plan.capsule.sha256.slice(0, 16)}…`)
  if (plan.code.commit === null) out.say(pc.yellow(`no commit is recorded: ${plan.code.reason}`))
  else if (plan.code.dirty) out.say(pc.yellow('the work tree has uncommitted changes; the record says so'))
  else if ((plan.code.untracked ?? []).length > 0)
    out.say(pc.yellow('the experiment uses files that no commit has; the record says so'))
  tellRegistration(plan, out)
}

/** Whether, and when, the experiment was registered before this run. */
function tellRegistration({ experiment, capsule }: Plan, out: Terminal): void {
  const all = registrationsOf(findLab(process.cwd()), experiment.hash)
  const first = all.find((entry) => entry.body.capsule === capsule.sha256) ?? all[0]
  if (first === undefined) return
  const same = first.body.capsule === capsule.sha256
  out.say(
    `registered at ${first.time} (entry ${first.seq} of the ledger)${same ? '' : pc.yellow(', with another capsule; the record says so')}`,
  )
}
