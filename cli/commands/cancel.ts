/** `reprise cancel RUN`: asks whoever executes a run to stop; what is done is kept. */
import { setTimeout as sleep } from 'node:timers/promises'
import { findLab, findRun } from '../../lab/lab.ts'
import { lockHolder } from '../../lab/lock.ts'
import { ResultsStore } from '../../lab/results.ts'
import { runState } from '../../lab/state.ts'
import { RepriseError } from '../../lib/errors.ts'
import { EXIT } from '../exit.ts'
import { terminal } from '../terminal.ts'

const LOOK_MS = 200
const PATIENCE_MS = 30_000

export async function cancel(text: string, options: { json?: boolean }): Promise<number> {
  const out = terminal(options)
  const folder = findRun(findLab(process.cwd()), text)
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
  const state = runState(folder)
  out.print(
    `${state.state} ${state.run}: ${state.chunksDone} of ${state.chunks} chunks are kept. Go on: reprise resume ${state.run}`,
  )
  out.answer(state)
  return EXIT.done
}
