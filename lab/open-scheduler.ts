/**
 * The head of a scheduler's cluster, connected, and asked whether it would take tasks as they are wished for: of what it would not,
 * nothing is planned.
 */
import type { Lab } from './lab.ts'
import { type OpenHead, openHead } from './open-head.ts'
import type { Contact } from './reach.ts'
import type { RunnerOptions } from './runner-for.ts'

/** To be closed. Throws `usage` for what such a cluster does not take, `engine` where it cannot be asked. */
export async function openScheduler(
  lab: Lab,
  runner: string,
  options: RunnerOptions,
  contact: Contact = {},
): Promise<OpenHead> {
  const open = await openHead(lab, runner, contact)
  try {
    const { scheduler } = open.placement(options)
    if (scheduler !== undefined) await open.head.probe(scheduler)
    return open
  } catch (error) {
    await open.close()
    throw error
  }
}
