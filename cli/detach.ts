/** `--detach`: a supervisor takes the run over, and the command ends when that has begun. */
import { findLab, type RunFolder } from '../lab/lab.ts'
import type { ChosenRunner } from '../lab/runner-for.ts'
import { runState } from '../lab/state.ts'
import { supervise } from '../lab/supervise.ts'
import { runAnswer } from './commands/run.ts'
import { EXIT } from './exit.ts'
import type { EngineOptions } from './options.ts'
import { tellOthers } from './others.ts'
import type { Terminal } from './terminal.ts'

/**
 * Prints the run's id, alone, for scripts; what to do with it goes to stderr. A runner was chosen so that one that is none is
 * told before anything is planned; the supervisor chooses for itself.
 */
export async function detach(
  run: RunFolder,
  _chosen: ChosenRunner,
  options: EngineOptions,
  out: Terminal,
): Promise<number> {
  const { runner, engines, timeout, node } = options
  const lab = findLab(process.cwd())
  tellOthers(lab, run, out)
  const pid = await supervise(lab, run, {
    runner,
    ...(engines === undefined ? {} : { engines }),
    timeoutMs: timeout === undefined ? null : timeout * 1000,
    ...(node === undefined ? {} : { node: node.path }),
  })
  out.say(`process ${pid} executes it and needs no terminal: reprise watch ${run.id}, results, cancel`)
  out.print(run.id)
  const begun = { ...runState(run), state: 'running', root: null } as const // as it was when it began, however short it is
  out.answer({ ...runAnswer(run, begun), pid })
  return EXIT.done
}
