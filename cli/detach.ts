/** `--detach`: a supervisor takes the run over, here or on the head of a cluster, and the command ends when that has begun. */
import { findLab, type RunFolder } from '../lab/lab.ts'
import { withCluster } from '../lab/may-execute.ts'
import { type ChosenRunner, clusterName } from '../lab/runner-for.ts'
import { runState } from '../lab/state.ts'
import { supervise } from '../lab/supervise.ts'
import { RepriseError } from '../lib/errors.ts'
import { runAnswer } from './commands/run.ts'
import { EXIT } from './exit.ts'
import { withHead } from './head.ts'
import { type DetachOptions, type EngineOptions, isLocal, type ReplicaOptions } from './options.ts'
import { tellOthers } from './others.ts'
import { trafficAnswer } from './runner.ts'
import type { Terminal } from './terminal.ts'

/**
 * Prints the run's id, alone, for scripts; what to do with it goes to stderr. A runner was chosen so that one that is none is
 * told before anything is planned; whoever executes the run chooses for itself.
 */
export async function detach(
  run: RunFolder,
  _chosen: ChosenRunner | null,
  options: EngineOptions,
  out: Terminal,
): Promise<number> {
  const { state, detached } = runState(run)
  const cluster = options.runner === undefined ? (detached?.cluster ?? null) : clusterName(options.runner)
  if (state === 'detached' && cluster !== detached?.cluster) throw withCluster(run) // it may be executed there still
  return cluster === null ? detachHere(run, options, out) : detachOn(cluster, run, options, out)
}

async function detachHere(run: RunFolder, options: EngineOptions, out: Terminal): Promise<number> {
  const lab = findLab(process.cwd())
  tellOthers(lab, run, out)
  const pid = await supervise(lab, run, {
    runner: 'local',
    ...manner(options),
    ...(options.node === undefined ? {} : { node: options.node.path }),
  })
  out.say(`process ${pid} executes it and needs no terminal: reprise watch ${run.id}, results, cancel`)
  out.print(run.id)
  const begun = { ...runState(run), state: 'running', root: null } as const // as it was when it began, however short it is
  out.answer({ ...runAnswer(run, begun), pid })
  return EXIT.done
}

/** Hands it over to the head of a cluster, or has it executed further where it is there already. */
async function detachOn(
  cluster: string,
  run: RunFolder,
  options: EngineOptions,
  out: Terminal,
): Promise<number> {
  const lab = findLab(process.cwd())
  return withHead(lab, cluster, out, async (open) => {
    const { handOver } = await import('../lab/hand-over.ts')
    const there = await handOver(lab, run, open, open.placement(manner(options)))
    out.say(
      `${open.host} of ssh:${cluster} executes it without us: reprise collect ${run.id}, watch, status, cancel`,
    )
    out.print(run.id)
    const state = { ...runState(run), state: 'detached' } as const
    out.answer({ ...runAnswer(run, state), cluster, there, ...trafficAnswer(open.traffic()) })
    return EXIT.done
  })
}

/** Refuses, before anything is planned, what a cluster without us cannot do. */
export function demandDetachable({
  detach,
  runner,
  replicate,
}: EngineOptions & DetachOptions & ReplicaOptions): void {
  if (detach !== true || isLocal({ runner }) || replicate === undefined) return
  throw new RepriseError('usage', `compares engines while they work, and ${runner} is to work without us`, {
    subject: '--replicate',
    remedy: 'Leave out --detach or --replicate; reprise rerun --sample compares afterwards',
  })
}

function manner({ engines, timeout }: EngineOptions) {
  return {
    ...(engines === undefined ? {} : { engines }),
    timeoutMs: timeout === undefined ? null : timeout * 1000,
  }
}
