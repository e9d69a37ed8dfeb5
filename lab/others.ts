/** What else is being executed in a lab: several runs at once share the machine's cores as each of them asked. */
import { existsSync } from 'node:fs'
import { type Lab, listRuns, type RunFolder } from './lab.ts'
import { lockHolder } from './lock.ts'
import { runState } from './state.ts'

export interface Others {
  readonly runs: number
  readonly engines: number
}

/** Other runs than this one that processes execute now, and the engines that those mean to use. */
export function othersRunning(lab: Lab, own: RunFolder): Others {
  const open = listRuns(lab).filter(({ id, manifest }) => id !== own.id && !existsSync(manifest))
  const engines = open.flatMap((run) => {
    try {
      return lockHolder(run) === null ? [] : [runState(run).engines ?? 0]
    } catch {
      return [] // one that cannot be read is told by `ls`
    }
  })
  return { runs: engines.length, engines: engines.reduce((sum, n) => sum + n, 0) }
}
