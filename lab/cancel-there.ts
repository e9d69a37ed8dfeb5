/** Cancels a run that a cluster has, there and here: the head is asked, and what had been done until it stopped is collected. */
import { RepriseError } from '../lib/errors.ts'
import { recordCancelled, untilLeft } from './cancel.ts'
import { collectRun } from './collect-run.ts'
import type { Lab, RunFolder } from './lab.ts'
import { lockHolder } from './lock.ts'
import type { OpenHead } from './open-head.ts'
import { type RunState, runState } from './state.ts'

/** Tries at collecting, where others are at it in turn. */
const TRIES = 5

/** Returns the run's state once it has stopped there. A run that the head does not know is cancelled there as it is. */
export async function cancelThere(
  lab: Lab,
  run: RunFolder,
  { head }: Pick<OpenHead, 'head'>,
): Promise<RunState> {
  if (await isKnown(head.cancel(run.id))) {
    for (let tries = 0; isThereStill(run) && tries < TRIES; tries++) {
      try {
        await collectRun(lab, run, head, { follow: true }, new AbortController().signal)
        break
      } catch (error) {
        if (!isCode(error, 'busy')) throw error
        const holder = lockHolder(run) // who follows it here collects its end for us
        if (holder !== null) await untilLeft(run, holder)
      }
    }
  }
  return recordCancelled(run, true)
}

function isThereStill(run: RunFolder): boolean {
  return runState(run).state === 'detached'
}

async function isKnown(asked: Promise<unknown>): Promise<boolean> {
  try {
    await asked
    return true
  } catch (error) {
    if (isCode(error, 'not-found')) return false
    throw error
  }
}

function isCode(error: unknown, code: RepriseError['code']): boolean {
  return error instanceof RepriseError && error.code === code
}
