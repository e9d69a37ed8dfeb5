/** Numbers that are known roughly, in no more digits than are known: two. */
import { count, duration } from './words.ts'

/** 480 ms, 48 seconds, 35 minutes, 5.2 hours, 3.5 days. */
export function roughTime(ms: number): string {
  if (ms < 995) return shortTime(ms)
  return roughly(ms, [
    ['second', 1_000, 90],
    ['minute', 60_000, 90],
    ['hour', 3_600_000, 72],
    ['day', 86_400_000, Number.POSITIVE_INFINITY],
  ])
}

/** Time of cores: 48 core-seconds, 12 core-minutes, 1.2 core-hours. */
export function roughCores(ms: number): string {
  return roughly(ms, [
    ['core-second', 1_000, 90],
    ['core-minute', 60_000, 90],
    ['core-hour', 3_600_000, Number.POSITIVE_INFINITY],
  ])
}

/** How long a chunk took: 3.2 ms, 480 ms, 1.2 s, 3.5 minutes. */
export function shortTime(ms: number): string {
  if (ms < 995) return `${twoDigits(ms)} ms`
  return ms < 60_000 ? duration(ms / 1000) : roughTime(ms)
}

function roughly(ms: number, units: readonly (readonly [name: string, ms: number, below: number])[]): string {
  const [name, size] = units.find(([, size, below]) => ms < below * size) ?? units.at(-1)!
  const n = twoDigits(ms / size)
  return n === '1' ? `1 ${name}` : `${n} ${name}s`
}

/** 0.034, 1.2, 35, 1,200. */
export function twoDigits(n: number): string {
  const rounded = Number(n.toPrecision(2))
  return rounded < 1000 ? String(rounded) : count(rounded)
}
