/** `reprise resume RUN`: executes what is missing of a run, whatever stopped it. */
import { readFileSync } from 'node:fs'
import { allowanceOf } from '../../lab/allowance.ts'
import { findLab, findRun, type Lab, type RunFolder } from '../../lab/lab.ts'
import { consent, demandConsent } from '../../lab/may-execute.ts'
import { type RunState, runState } from '../../lab/state.ts'
import type { RepriseError } from '../../lib/errors.ts'
import { parseManifest } from '../../provenance/read-manifest.ts'
import { carry } from '../carry.ts'
import { askConsent } from '../consent.ts'
import { detach } from '../detach.ts'
import type { DetachOptions, EngineOptions } from '../options.ts'
import { withRunner } from '../runner.ts'
import { withRuntime } from '../runtime.ts'
import { type Terminal, terminal } from '../terminal.ts'

export async function resume(
  text: string,
  asked: EngineOptions & DetachOptions & { json?: boolean; yes?: boolean },
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
  tellAllowance(folder, state, asked, out)
  const isAway = state.state === 'detached'
  const sealsHere = isAway && state.chunksDone === state.chunks // that is all there is left to do
  if (!isAway) await demandTrusted(lab, folder, asked, out)
  // What a cluster is at goes on there; here it would be done twice.
  if (!sealsHere && (options.detach === true || isAway)) return detach(folder, options, out)
  return withRunner(lab, sealsHere ? { ...options, runner: 'local' } : options, out, (chosen) =>
    carry(folder, chosen, options, out),
  )
}

/** What was said of it before holds still. */
function tellAllowance(
  run: RunFolder,
  { root }: RunState,
  { maxCoreHours }: EngineOptions,
  out: Terminal,
): void {
  const most = root !== null || maxCoreHours !== undefined ? null : allowanceOf(run)
  if (most !== null)
    out.say(
      `it may take ${most} core-hours in all, as was said before: --max-core-hours N for others, or none`,
    )
}

/** Code of a run that was planned elsewhere is not executed here without a word of consent. */
async function demandTrusted(
  lab: Lab,
  run: RunFolder,
  asked: { yes?: boolean },
  out: Terminal,
): Promise<void> {
  try {
    demandConsent(lab, run)
  } catch (error) {
    await askConsent(error as RepriseError, asked, out)
    consent(lab, run)
  }
}
