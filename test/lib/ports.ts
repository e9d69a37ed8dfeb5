/** What surrounds a chunk in these tests: no input files, a log that is kept, and no schema. */
import type { Ports } from '../../lib/execute.ts'

export function ports(own: Partial<Ports> = {}): Ports {
  const input = Object.assign(() => new Uint8Array(), { text: () => '' })
  return { input, log: () => {}, at: () => {}, chance: () => {}, validate: null, ...own }
}
