/** Ctrl-C, a closed terminal or a polite kill stop a run cleanly; the second time at once. */
import { EXIT } from './exit.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** A signal that is aborted by the first interrupt; the second ends the process. */
export function onInterrupt(say: (line: string) => void): AbortSignal {
  const controller = new AbortController()
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(EXIT.interrupted)
      say('\nstopping: what is done is kept …')
      controller.abort()
    })
  }
  return controller.signal
}
