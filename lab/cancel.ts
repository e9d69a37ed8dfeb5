/** Asks whoever executes a run here to stop; what is done is kept. */
import { setTimeout as sleep } from 'node:timers/promises'
import { RepriseError } from '../lib/errors.ts'
import type { RunFolder } from './lab.ts'
import { type Holder, lockHolder, lockRun } from './lock.ts'
import { withCluster } from './may-execute.ts'
import { type EventKind, ResultsStore } from './results.ts'
import { type RunState, runState } from './state.ts'

const LOOK_MS = 200
const PATIENCE_MS = 30_000

export interface HowToCancel {
  /** A run that a cluster has is given up here, whatever becomes of it there. */
  readonly giveUp?: boolean
}

/**
 * Returns the run's state once nobody executes it any more. Throws `usage` for one that is finished, `busy` where nobody answers,
 * and for one that a cluster has: see cancel-there.ts.
 */
export async function cancelRun(folder: RunFolder, { giveUp = false }: HowToCancel = {}): Promise<RunState> {
  const before = runState(folder)
  if (before.state === 'sealed' || before.state === 'sampled') {
    throw new RepriseError('usage', 'is finished; there is nothing to cancel', {
      subject: `run ${folder.id}`,
    })
  }
  if (before.state === 'detached' && !giveUp) throw withCluster(folder)
  if (before.holder !== null) {
    withStore(folder, (store) => store.request(new Date(), 'cancel'))
    await untilLeft(folder, before.holder)
  }
  return recordCancelled(folder, before.holder !== null)
}

/** Waits until whoever has the run has left it. Throws `busy` when that takes too long. */
export async function untilLeft(folder: RunFolder, { pid, host }: Holder): Promise<void> {
  const end = performance.now() + PATIENCE_MS
  while (lockHolder(folder) !== null) {
    if (performance.now() > end) {
      throw new RepriseError('busy', `process ${pid} on ${host} does not answer`, {
        subject: `run ${folder.id}`,
        remedy: 'The request stands; end the process if it hangs',
      })
    }
    await sleep(LOOK_MS)
  }
}

/** Events that say how an execution ended by itself; what they say stands. */
const ENDINGS: readonly EventKind[] = ['cancelled', 'incomplete', 'failed']

/**
 * Records, under the lock, that the run is cancelled, unless it came to its end meanwhile: whoever was asked to stop may have
 * been killed, or may only have been collecting. Throws `busy` where somebody else is at it by now.
 */
export function recordCancelled(folder: RunFolder, unlessEnded: boolean): RunState {
  const lock = lockRun(folder, new Date())
  try {
    withStore(folder, (store) => {
      const events = store.events()
      const last = events.findLast(({ kind }) => [...ENDINGS, 'started', 'detached'].includes(kind))
      const ended = unlessEnded && last !== undefined && ENDINGS.includes(last.kind)
      if (ended || events.some(({ kind }) => kind === 'sealed')) return
      store.addEvent(new Date(), 'cancelled', { chunks: store.counts().chunks })
    })
  } finally {
    lock.release()
  }
  return runState(folder)
}

function withStore(folder: RunFolder, action: (store: ResultsStore) => void): void {
  const store = ResultsStore.open(folder)
  try {
    action(store)
  } finally {
    store.close()
  }
}
