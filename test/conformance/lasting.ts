/** What lasts as long as a file of tests: services are told to end with it as they are with a test. */
import { after } from 'node:test'

export function lasting(): { after(end: () => unknown): void } {
  const ends: (() => unknown)[] = []
  after(async () => {
    for (const end of ends.reverse()) await end()
  })
  return { after: (end) => void ends.push(end) }
}
