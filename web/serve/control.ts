/**
 * What `--allow-control` allows: to cancel a run, and to have what is missing of it executed by a process of its own, as
 * `reprise cancel` and `reprise resume --detach` do. No code that came from elsewhere is consented to from here.
 */
import { findRun, type Lab } from '../../lab/lab.ts'
import { runState } from '../../lab/state.ts'
import { RepriseError } from '../../lib/errors.ts'

export const DEEDS = ['cancel', 'resume'] as const
export type Deed = (typeof DEEDS)[number]

/** What a deed does, for whoever is asked whether it is to be done. */
export const DEED_WORDS: Readonly<Record<Deed, string>> = {
  cancel: 'Whoever executes it is asked to stop. What is done is kept, and it can be resumed.',
  resume: 'What is missing is executed on this machine, by a process of its own that outlives this server.',
}

/** Throws RepriseError; `refused` where a run is sealed, so that nothing of it is missing. */
export async function carryOut(lab: Lab, deed: Deed, id: string): Promise<void> {
  const folder = findRun(lab, id)
  const { state } = runState(folder)
  if (deed === 'resume' && (state === 'sealed' || state === 'sampled'))
    throw new RepriseError('refused', 'is whole already: nothing of it is missing', {
      subject: `run ${id}`,
      remedy: `To have its manifest written again: reprise resume ${id}`,
    })
  const { runIn } = await import('../../lab/api/run.ts') // it loads all that speaks with clusters
  const run = runIn(lab, folder)
  if (deed === 'cancel') await run.cancel()
  else await run.resume()
}
