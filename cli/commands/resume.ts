/** `reprise resume RUN`: executes what is missing of a run, whatever stopped it. */
import { readFileSync } from 'node:fs'
import { findLab, findRun } from '../../lab/lab.ts'
import { runState } from '../../lab/state.ts'
import { parseManifest } from '../../provenance/read-manifest.ts'
import { detach } from '../detach.ts'
import type { DetachOptions, EngineOptions } from '../options.ts'
import { withRunner } from '../runner.ts'
import { withRuntime } from '../runtime.ts'
import { terminal } from '../terminal.ts'
import { carryOutRerun } from './rerun.ts'
import { carryOut } from './run.ts'

export async function resume(
  text: string,
  asked: EngineOptions & DetachOptions & { json?: boolean },
): Promise<number> {
  const out = terminal(asked)
  const lab = findLab(process.cwd())
  const folder = findRun(lab, text)
  const state = runState(folder)
  if (state.state === 'sealed' && state.rerunOf === null)
    out.say(`run ${folder.id} is sealed already; its manifest is written again`)
  else if (state.holder === null) {
    const { replicas } = state
    const twice =
      replicas === null ? '' : `, ${replicas.chunks - replicas.done} of ${replicas.chunks} replicas`
    out.say(
      `run ${folder.id}: ${state.chunks - state.chunksDone} of ${state.chunks} chunks${twice} are missing`,
    )
  }
  const repeated = state.rerunOf === null ? null : parseManifest(readFileSync(folder.original)).run
  const options = await withRuntime(asked, repeated, out)
  const attached = state.rerunOf === null ? carryOut : carryOutRerun
  const carry = options.detach === true ? detach : attached
  return withRunner(lab, options, out, (chosen) => carry(folder, chosen, options, out))
}
