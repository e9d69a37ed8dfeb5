/**
 * `Math.random` in a capsule: a stream of the job, so that libraries which call it become reproducible (law 1). While
 * the capsule is loaded no seed is known yet; then it gives a fixed sequence, the same in every engine (FORMAT.md
 * §5.12). Where no chunk is executed it is the surroundings' own again: a browser's page, a host that lent its process.
 */
import type { StreamOwner } from '../lib/context.ts'
import { CHANCE } from '../lib/seed.ts'

const { random: native } = Math
let owner: StreamOwner | null = null
let draw: () => number = loadingSequence()

const { random: drawn } = {
  random(): number {
    return draw()
  },
}
// As soon as this is loaded, and it is the first import of a capsule: no other code may keep the old one.
Object.defineProperty(Math, 'random', { value: drawn, writable: true, configurable: true })

/** Whose stream `Math.random` draws from until told otherwise; null gives it back to the surroundings. */
export function drawFrom(next: StreamOwner | null): void {
  owner = next
  draw = next === null ? native : first
}

/** The owner's stream is made when it is first drawn from: a job that never does pays nothing. */
function first(): number {
  draw = owner!.stream(CHANCE)
  return draw()
}

/** Mulberry32 (T. Ettinger, public domain) from state 0: enough for a fixed sequence that nothing rests on. */
function loadingSequence(): () => number {
  let state = 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
