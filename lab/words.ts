/** How numbers, durations, points and foreign names are written for people, at a terminal or on a page. */
import type { Point } from '../lib/design.ts'

/** 1234567 as 1,234,567, in every locale. */
export function count(n: number): string {
  return String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `3 jobs`, `1 job`. */
export function several(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`
}

/** Seconds as 8.1 s, 3 min 20 s, 5 h 12 min or 3 d 4 h. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'unknown'
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`
  const units: [number, string, number, string][] = [
    [3600, 'min', 60, 's'],
    [86_400, 'h', 3600, 'min'],
    [Number.POSITIVE_INFINITY, 'd', 86_400, 'h'],
  ]
  const [, big, size, small] = units.find(([below]) => seconds < below)!
  const lesser = { s: 1, min: 60, h: 3600 }[small]!
  return `${Math.floor(seconds / size)} ${big} ${Math.floor((seconds % size) / lesser)} ${small}`
}

/** `infect=0.05 remove=0.2`. */
export function pointWords(point: Point): string {
  return Object.entries(point)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? oneLine(value) : JSON.stringify(value)}`)
    .join(' ')
}

/** Foreign words in a place for one line: nothing in them can begin another, hide, or turn what follows around. */
export function oneLine(words: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
  return words.replace(/[\0-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
}

/** A foreign name in a line: nothing in it can begin another line, and it is cut when it is long. */
export function nameWords(name: string, longest = 64): string {
  return oneLine(name.length > longest ? `${name.slice(0, longest)}…` : name)
}
