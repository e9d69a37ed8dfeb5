/** `--detach`: a supervisor takes the run over, here or on the head of a cluster, and the command ends when that has begun. */
import { findLab, type RunFolder } from '../lab/lab.ts'
import { withCluster } from '../lab/may-execute.ts'
import { runState } from '../lab/state.ts'
import { supervise } from '../lab/supervise.ts'
import { RepriseError } from '../lib/errors.ts'
import { handOverTo } from './carry.ts'
import { runAnswer } from './commands/run.ts'
import { EXIT } from './exit.ts'
import { withHead } from './head.ts'
import {
  type DetachOptions,
  type EngineOptions,
  isHandedOver,
  isLocal,
  type ReplicaOptions,
} from './options.ts'
import { tellOthers } from './others.ts'
import { runnerOptions } from './runner.ts'
import type { Terminal } from './terminal.ts'

/** Prints the run's id, alone, for scripts; what to do with it goes to stderr. */
export async function detach(
  run: RunFolder,
  options: EngineOptions & DetachOptions,
  out: Terminal,
): Promise<number> {
  const { state, detached } = runState(run)
  const runner = options.runner ?? detached?.runner ?? 'local'
  if (state === 'detached' && runner !== detached?.runner) throw withCluster(run) // it may be executed there still
  if (isLocal({ runner })) return detachHere(run, options, out)
  return withHead(findLab(process.cwd()), runner, out, (open) => handOverTo(open, run, options, out))
}

async function detachHere(run: RunFolder, options: EngineOptions, out: Terminal): Promise<number> {
  const lab = findLab(process.cwd())
  tellOthers(lab, run, out)
  const pid = await supervise(lab, run, { runner: 'local', ...runnerOptions(options) })
  out.say(`process ${pid} executes it and needs no terminal: reprise watch ${run.id}, results, cancel`)
  out.print(run.id)
  const begun = { ...runState(run), state: 'running', root: null } as const // as it was when it began, however short it is
  out.answer({ ...runAnswer(run, begun), pid })
  return EXIT.done
}

/** Refuses, before anything is planned, what a cluster without us cannot do. */
export function demandDetachable({
  detach,
  runner,
  replicate,
}: EngineOptions & DetachOptions & ReplicaOptions): void {
  const goesAway = isHandedOver({ runner }) || (detach === true && !isLocal({ runner }))
  if (!goesAway || replicate === undefined) return
  throw new RepriseError('usage', `compares engines while they work, and ${runner} is to work without us`, {
    subject: '--replicate',
    remedy: `Leave out ${isHandedOver({ runner }) ? '' : '--detach or '}--replicate; reprise rerun --sample compares afterwards`,
  })
}
