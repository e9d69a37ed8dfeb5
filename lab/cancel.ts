/** Asks whoever executes a run to stop; what is done is kept. */
import { setTimeout as sleep } from 'node:timers/promises'
import { RepriseError } from '../lib/errors.ts'
import type { RunFolder } from './lab.ts'
import { lockHolder } from './lock.ts'
import { ResultsStore } from './results.ts'
import { type RunState, runState } from './state.ts'

const LOOK_MS = 200
const PATIENCE_MS = 30_000

/** Returns the run's state once nobody executes it any more. Throws `usage` for one that is finished, `busy` where nobody answers. */
export async function cancelRun(folder: RunFolder): Promise<RunState> {
  const before = runState(folder)
  if (before.state === 'sealed' || before.state === 'sampled') {
    throw new RepriseError('usage', 'is finished; there is nothing to cancel', {
      subject: `run ${folder.id}`,
    })
  }
  const store = ResultsStore.open(folder)
  try {
    if (before.holder === null) store.addEvent(new Date(), 'cancelled', { chunks: before.chunksDone })
    else store.request(new Date(), 'cancel')
  } finally {
    store.close()
  }
  const end = performance.now() + PATIENCE_MS
  while (before.holder !== null && lockHolder(folder) !== null) {
    if (performance.now() > end) {
      throw new RepriseError(
        'busy',
        `process ${before.holder.pid} on ${before.holder.host} does not answer`,
        {
          subject: `run ${folder.id}`,
          remedy: 'The request stands; end the process if it hangs',
        },
      )
    }
    await sleep(LOOK_MS)
  }
  return runState(folder)
}
