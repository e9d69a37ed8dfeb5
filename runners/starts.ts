/** Engines that do not come to work: how many in a row on each host, and when that was once too often. */
import { RepriseError } from '../lib/errors.ts'
import type { Link } from './link.ts'

/** Engines that may die before `ready`, or for want of what all chunks need, in a row. */
const FALSE_STARTS = 3

export class Starts {
  readonly #never = new Map<string | undefined, number>()
  readonly #babbled = new Map<string | undefined, number>()
  readonly #helpless = new Map<string | undefined, number>()

  /** An engine is ready. */
  ready({ process: { host } }: Link): void {
    this.#never.delete(host)
  }

  /** An engine has done a chunk. */
  worked({ process: { host } }: Link): void {
    this.#helpless.delete(host)
  }

  /** An engine said what no engine says. True when that was once too often on its host. */
  babbled({ process: { host } }: Link): boolean {
    return add(this.#babbled, host) >= FALSE_STARTS
  }

  /** An engine is lost, one of so many on its host. True when engines cannot be started there, as it seems. */
  hopeless({ ready, helpless, process: { host } }: Link, engines: number): boolean {
    const never = !ready && add(this.#never, host) >= FALSE_STARTS
    return never || (helpless && add(this.#helpless, host) >= FALSE_STARTS * engines)
  }
}

function add(counts: Map<string | undefined, number>, host: string | undefined): number {
  const count = (counts.get(host) ?? 0) + 1
  counts.set(host, count)
  return count
}

export function cannotStart(why: string, subject: string): RepriseError {
  const remedy = 'See the run’s log for what it printed'
  return new RepriseError('engine', `engines cannot be started: ${why}`, { subject, remedy })
}
