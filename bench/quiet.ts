/**
 * Measuring on a machine that others use too. A wall-clock time says little when somebody else had the processor
 * meanwhile; so the harness waits for a quiet moment, sees from /proc/stat how much others took, and measures again
 * when it was too much. Linux only; elsewhere every moment counts as quiet.
 */
import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

/** A measurement, with what it took of the processors and what others took meanwhile. */
export interface Measured<T> {
  readonly value: T
  /** Processor time of everything that the measurement started, seconds. */
  readonly processor: number
  /** Share of the machine that others took, 0 to 1. */
  readonly others: number
}

const TICKS = 100 // a second; the kernel's USER_HZ
const TOLERATED = 0.02
const TRIES = 5
const PATIENCE_S = 120

/** Measures in a quiet moment; the least disturbed of some tries when there is none. */
export async function quietly<T>(action: () => Promise<T>): Promise<Measured<T>> {
  let best: Measured<T> | undefined
  for (let i = 0; i < TRIES; i++) {
    await quietMoment()
    const measured = await accounted(action)
    if (best === undefined || measured.others < best.others) best = measured
    if (best.others <= TOLERATED) break
  }
  return best!
}

async function quietMoment(): Promise<void> {
  for (let waited = 0; waited < PATIENCE_S; waited += 2) {
    const { others } = await accounted(() => sleep(2000))
    if (others <= 2 * TOLERATED) return
  }
}

async function accounted<T>(action: () => Promise<T>): Promise<Measured<T>> {
  const before = { at: performance.now(), busy: machineTicks(), own: ownTicks() }
  const value = await action()
  const seconds = (performance.now() - before.at) / 1000
  const own = (ownTicks() - before.own) / TICKS
  const busy = (machineTicks() - before.busy) / TICKS
  return { value, processor: own, others: Math.max(0, (busy - own) / (seconds * cpus().length)) }
}

/** Ticks that the machine was not idle: user, nice, system, irq, softirq, steal. */
function machineTicks(): number {
  const fields = read('/proc/stat').split('\n')[0]!.trim().split(/\s+/).slice(1).map(Number)
  return [0, 1, 2, 5, 6, 7].reduce((sum, i) => sum + (fields[i] ?? 0), 0)
}

/** Ticks of this process and of all its descendants that have ended. */
function ownTicks(): number {
  const fields = read('/proc/self/stat').split(') ')[1]?.split(' ').map(Number) ?? []
  return [11, 12, 13, 14].reduce((sum, i) => sum + (fields[i] ?? 0), 0)
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
