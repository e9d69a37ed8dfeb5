/** Why a run that nobody executes is not finished, as the error that whoever waits for it is to get. */
import { type ErrorRecord, fromErrorRecord, RepriseError } from '../lib/errors.ts'
import type { RunFolder } from './lab.ts'
import { ResultsStore, type RunEvent } from './results.ts'
import type { RunState } from './state.ts'

/** Chunks named one by one. */
const MOST_NAMED = 20

/** What stopped the run, or keeps all of it from being here; null only where all of it is, or this machine is at it still. */
export function whatStopped(folder: RunFolder, state: RunState): RepriseError | null {
  const subject = `run ${state.run}`
  const kept = `${state.chunksDone} of ${state.chunks} chunks are kept`
  const again = `Go on: reprise resume ${state.run}`
  switch (state.state) {
    case 'cancelled':
      return new RepriseError('interrupted', `was cancelled; ${kept}`, { subject, remedy: again })
    case 'interrupted':
      return new RepriseError('interrupted', `was interrupted; ${kept}`, { subject, remedy: again })
    case 'incomplete':
      if (state.problem !== null)
        return new RepriseError('incomplete', `${kept}: ${state.problem}`, { subject, remedy: again })
      return new RepriseError(
        'incomplete',
        `${kept}; set aside: ${setAside(lastEvent(folder, 'incomplete'))}`,
        {
          subject,
          remedy: `Try them again: reprise resume ${state.run}`,
        },
      )
    case 'failed':
      return failure(state, lastEvent(folder, 'failed'))
    case 'damaged':
      return new RepriseError('not-intact', state.problem ?? 'cannot be read', { subject })
    case 'detached':
      return elsewhere(state)
    case 'running':
    case 'sealed':
    case 'sampled':
      return null
  }
}

/** A cluster has the run: what is there, and how it is there, is not known here. */
function elsewhere({ run, detached, chunksDone, chunks }: RunState): RepriseError {
  const message = `is with ${detached?.runner}; ${chunksDone} of ${chunks} chunks are here`
  return new RepriseError('busy', message, {
    subject: `run ${run}`,
    remedy: `Collect it: reprise collect ${run} --follow`,
  })
}

function lastEvent(folder: RunFolder, kind: RunEvent['kind']): RunEvent | undefined {
  const store = ResultsStore.open(folder)
  try {
    return store.events().findLast((event) => event.kind === kind)
  } finally {
    store.close()
  }
}

function setAside(event: RunEvent | undefined): string {
  const chunks = (event?.body.setAside as number[] | undefined) ?? []
  const more = chunks.length - MOST_NAMED
  const named = `chunk ${chunks.slice(0, MOST_NAMED).join(', ')}`
  return `${named}${more > 0 ? ` and ${more} more` : ''}`
}

/** The error that ended it; runs of earlier versions have but a line on it. */
function failure(state: RunState, event: RunEvent | undefined): RepriseError {
  const record = event?.body.error as ErrorRecord | undefined
  if (record !== undefined) return fromErrorRecord(record)
  return new RepriseError('engine', `failed: ${state.problem}`, { subject: `run ${state.run}` })
}
