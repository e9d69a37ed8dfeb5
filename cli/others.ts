/** A note, before a run begins, on those that are at it already: they share the machine. */
import type { Lab, RunFolder } from '../lab/lab.ts'
import { othersRunning } from '../lab/others.ts'
import type { Terminal } from './terminal.ts'
import { several } from './words.ts'

export function tellOthers(lab: Lab, run: RunFolder, out: Terminal): void {
  const { runs, engines } = othersRunning(lab, run)
  if (runs > 0)
    out.say(
      `note: ${several(runs, 'other run')} of this lab ${runs === 1 ? 'has' : 'have'} ${several(engines, 'engine')}`,
    )
}
