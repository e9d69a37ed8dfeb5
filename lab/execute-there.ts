/** Executes a run by a scheduler's cluster, to its end: handed over whole, and collected as it comes. */
import { withAllowance } from './allowance.ts'
import type { Observer } from './collect.ts'
import { collectRun } from './collect-run.ts'
import type { Outcome } from './execute.ts'
import { handOver } from './hand-over.ts'
import type { Lab, RunFolder } from './lab.ts'
import { openHead } from './open-head.ts'
import type { Contact } from './reach.ts'
import type { Manner } from './supervise.ts'

/** Once it was handed over it goes on there, whatever becomes of us. Throws what kept it from that, or from being collected. */
export async function executeThere(
  lab: Lab,
  run: RunFolder,
  manner: Manner,
  signal: AbortSignal,
  observer: Observer,
  contact: Contact,
): Promise<Outcome> {
  const open = await openHead(lab, manner.runner, contact)
  try {
    await handOver(lab, run, open, open.placement(withAllowance(run, manner)))
    return await collectRun(lab, run, open.head, { follow: true }, signal, observer)
  } finally {
    await open.close()
  }
}
