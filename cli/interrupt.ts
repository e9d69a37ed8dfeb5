/** Ctrl-C, a closed terminal or a polite kill stop a run cleanly; the second time at once. */
import { RepriseError } from '../lib/errors.ts'
import { EXIT } from './exit.ts'
import { tellError } from './terminal.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** A signal that is aborted by the first interrupt, until it is over; the second ends the process. */
export function onInterrupt(
  say: (line: string) => void,
  words = 'stopping: what is done is kept …',
): { signal: AbortSignal; over(): void } {
  const controller = new AbortController()
  const stop = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted)
    say(`\n${words}`)
    controller.abort()
  }
  for (const signal of SIGNALS) process.on(signal, stop)
  return {
    signal: controller.signal,
    over() {
      if (controller.signal.aborted) return // what is left to do can still be ended at once
      for (const signal of SIGNALS) process.off(signal, stop)
    },
  }
}

/**
 * Until the returned function is called, an interrupt cleans up and ends the process: nothing is recorded yet that
 * could be resumed.
 */
export function endOnInterrupt(
  cleanUp: () => void,
  json: boolean,
  words = 'nothing was recorded yet',
): () => void {
  const end = () => {
    cleanUp()
    process.exit(tellError(new RepriseError('interrupted', words), json))
  }
  for (const signal of SIGNALS) process.on(signal, end)
  return () => {
    for (const signal of SIGNALS) process.off(signal, end)
  }
}
