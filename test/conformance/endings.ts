/** What is started in a `before` and ended with its suite: an `after` that is called in there would end it at once. */
import { after } from 'node:test'

/** To be called where the suite is described. What is ended last was started first. */
export function endings(): { after(end: () => unknown): void } {
  const ends: (() => unknown)[] = []
  after(async () => {
    for (const end of ends.reverse()) await end()
  })
  return { after: (end) => void ends.push(end) }
}
