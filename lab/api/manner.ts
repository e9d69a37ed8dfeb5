/** Options of the API, checked, in the words of those who carry them out. */
import { RepriseError } from '../../lib/errors.ts'
import { checkKeys } from '../../lib/experiment.ts'
import { shareCount } from '../../lib/sample.ts'
import { findRuntime } from '../../runners/runtime.ts'
import { isScheduler } from '../cluster-word.ts'
import type { Lab } from '../lab.ts'
import { openScheduler } from '../open-scheduler.ts'
import { runnerFor } from '../runner-for.ts'
import type { Manner } from '../supervise.ts'
import type { ExecuteOptions } from './types.ts'

export const EXECUTE = ['runner', 'engines', 'timeout', 'taskTime', 'maxCoreHours', 'runtime'] as const

const MOST_ENGINES = 1024

/** Refuses options that are not there: a misspelt one must not silently mean its default. */
export function checkOptions(options: object, known: readonly string[], what: string): void {
  try {
    checkKeys(options, known, what)
  } catch (error) {
    const { message, subject, remedy } = error as RepriseError
    throw new RepriseError('usage', message, { subject, remedy })
  }
}

/** How the run is to be executed. Throws, before anything is planned, for a runner or a Node that is none. */
export async function mannerOf(lab: Lab, options: ExecuteOptions): Promise<Manner> {
  const { runner = 'local', engines, timeout, taskTime, maxCoreHours, runtime } = options
  if (typeof runner !== 'string') throw usage('runner', 'is no text', 'Name one, such as local')
  if (engines !== undefined) wholeNumber('engines', engines, MOST_ENGINES)
  for (const [name, time] of Object.entries({ timeout, taskTime })) {
    if (time !== undefined && !(typeof time === 'number' && time > 0 && Number.isFinite(time)))
      throw usage(name, `is ${String(time)}`, 'Give a number of seconds above 0')
  }
  if (maxCoreHours != null && !(typeof maxCoreHours === 'number' && maxCoreHours > 0))
    throw usage(
      'maxCoreHours',
      `is ${String(maxCoreHours)}`,
      'Give a number of core-hours above 0, or null for any',
    )
  if (runtime !== undefined && runner !== 'local')
    throw usage('runtime', `is for engines on this machine, and ${runner} has others`, 'Leave it out')
  const node = runtime === undefined ? undefined : (await findRuntime(runtime)).path
  const manner = {
    runner,
    timeoutMs: timeout === undefined ? null : timeout * 1000,
    ...(engines === undefined ? {} : { engines }),
    ...(taskTime === undefined ? {} : { taskTime }),
    ...(maxCoreHours === undefined ? {} : { maxCoreHours }),
    ...(node === undefined ? {} : { node }),
  }
  const chosen = await (isScheduler(runner) ? openScheduler : runnerFor)(lab, runner, manner)
  await chosen.close()
  return manner
}

/** A share of the chunks as a plan has it. A scheduler's cluster works without us, who would compare. */
export function shareOf(replicate: string | number | undefined, runner: string): string | null {
  if (replicate === undefined) return null
  if (isScheduler(runner))
    throw usage(
      'replicate',
      `compares engines while they work, and ${runner} works without us`,
      'Leave it out',
    )
  const share = String(replicate)
  if (shareCount(share, 1) !== null) return share
  throw usage('replicate', `is ${share}`, 'Give a percentage such as 1%, or a number of chunks')
}

export function wholeNumber(subject: string, value: unknown, most: number): void {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most) return
  throw usage(subject, `is ${String(value)}`, `Give a whole number from 1 to ${most}`)
}

function usage(subject: string, message: string, remedy: string): RepriseError {
  return new RepriseError('usage', message, { subject, remedy })
}
