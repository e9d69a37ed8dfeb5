/**
 * What was submitted before, from the store; and where that cannot be read while the run is to stop, the end of all of it that the
 * scheduler knows by the run's own name: a bucket that nobody reaches keeps no machine rented.
 */
import { RepriseError } from '../../lib/errors.ts'
import { within } from '../within.ts'
import type { ReadArrays } from './arrays.ts'
import { goesOn, insist, othersGoOn } from './closing.ts'
import type { ArrayEngine } from './engine.ts'
import type { ArrayPatience } from './patience.ts'
import { Stopped, unlessStopped } from './stopping.ts'

export interface Reading {
  readonly engine: ArrayEngine
  readonly patience: ArrayPatience
  /** Aborted, it is waited for only as long as for a scheduler that is to end something. */
  readonly signal: AbortSignal
  /** Told what a person may want to know. */
  readonly note: (words: string) => void
}

/** What was read; null where it could not be, and all was ended. Throws what `reading` throws, and `engine` where some may go on. */
export async function readOrEnd(
  reading: Promise<ReadArrays>,
  { engine, patience, signal, note }: Reading,
): Promise<ReadArrays | null> {
  const { cancelMs, lookMs } = patience
  try {
    return await unlessStopped(signal, reading)
  } catch (error) {
    if (!(error instanceof Stopped)) throw error
  }
  try {
    return (await within(cancelMs, reading)) ?? noAnswer(engine.kind)
  } catch (error) {
    if (engine.cancelAll === undefined || othersGoOn(signal.reason)) throw error
    const left = await insist(() => engine.cancelAll!(), performance.now() + cancelMs, lookMs)
    if (left !== null) throw goesOn(engine.kind, left)
    note(
      `all tasks were ended, and what they left behind could not be read: ${(error as Error).message}; resume takes it`,
    )
    return null
  }
}

function noAnswer(subject: string): never {
  throw new RepriseError('storage', 'its store does not answer', { subject, remedy: 'Try again later' })
}
