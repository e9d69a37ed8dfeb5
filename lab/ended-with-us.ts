/**
 * Programs in groups of their own, which a terminal's Ctrl-C does not reach: they end with this process, however it ends, as far as
 * it is told of its end. Whoever listens for signals himself decides about them; where nobody does, they are ended first.
 */

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const groups = new Set<number>()

/** The group ends with this process, until the returned function is called. */
export function endWithUs(group: number): () => void {
  if (groups.size === 0) {
    process.on('exit', endAll)
    for (const signal of SIGNALS) process.on(signal, onSignal)
  }
  groups.add(group)
  return () => {
    if (!groups.delete(group) || groups.size > 0) return
    process.off('exit', endAll)
    for (const signal of SIGNALS) process.off(signal, onSignal)
  }
}

/** Ends all that is in a group. */
export function endGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL')
  } catch {
    // nobody is left of it
  }
}

function endAll(): void {
  for (const group of groups) endGroup(group)
}

/** The signal does what it would have done, had nobody listened. */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return
  endAll()
  process.off(signal, onSignal)
  process.kill(process.pid, signal)
}
