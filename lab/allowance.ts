/**
 * How many core-hours a run may take in all. What was said last holds until something else is said, wherever the run goes on: a limit that
 * is forgotten with the command that gave it is none.
 */
import { readDetached } from './detached.ts'
import type { RunFolder } from './lab.ts'
import { ResultsStore } from './results.ts'
import type { RunnerOptions } from './runner-for.ts'

/** As the sessions of the run have it; null for any. */
export function allowanceIn(store: ResultsStore): number | null {
  return said(store) ?? null
}

/** The same of a run, also of one that another lab handed over, which its head tells. */
export function allowanceOf(run: RunFolder): number | null {
  const store = ResultsStore.open(run)
  try {
    const own = said(store)
    return own === undefined ? (readDetached(run)?.far?.maxCoreHours ?? null) : own
  } finally {
    store.close()
  }
}

/** The options with what the run may take already, where they say nothing of it. */
export function withAllowance<O extends RunnerOptions>(run: RunFolder, options: O): O {
  return options.maxCoreHours === undefined ? { ...options, maxCoreHours: allowanceOf(run) } : options
}

/** Undefined where nobody ever said. */
function said(store: ResultsStore): number | null | undefined {
  const told = store
    .events()
    .findLast(({ kind, body }) => kind === 'started' && body.maxCoreHours !== undefined)
  return told?.body.maxCoreHours as number | null | undefined
}
