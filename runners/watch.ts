/** Looks at all engines every so often: which are silent, which hang in a job. A watch that was stopped itself forgives. */
import type { Link, Trouble } from './link.ts'
import type { Patience } from './patience.ts'

/** Begins to look; `looked` is called after each look. Returns what ends it. */
export function watch(
  links: Iterable<Link>,
  { lookMs, timeoutMs, silenceMs, farSilenceMs, startMs }: Patience,
  trouble: (link: Link, found: Trouble) => void,
  looked: () => void,
): () => void {
  let lookedAt = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    const before = lookedAt
    const away = now - before > 2 * lookMs
    lookedAt = now
    for (const link of links) {
      if (away) {
        link.excuse() // this process was stopped or busy, and heard nobody
        link.launchedAt += now - before
      }
      const silent = link.process.host === undefined ? silenceMs : farSilenceMs
      const late = link.isLate(startMs) ? { how: 'it was not ready in time' } : null
      const found = late ?? link.trouble(timeoutMs, link.ready ? silent : startMs)
      if (found !== null) trouble(link, found)
    }
    looked()
  }, lookMs)
  return () => clearInterval(timer)
}
