/**
 * Readers of values that come from elsewhere, put together from small ones: each gives the value with nothing in it that was not
 * asked for, or null where it is not of its kind.
 */
import { isAbsolute } from 'node:path'

export type Reader<T> = (value: unknown) => T | null

const MOST_TEXT = 4_096
const MOST_MS = 2 ** 40
const MOST_ENTRIES = 256
const MOST_DEPTH = 32
const MOST_JSON = 2 ** 18

/** Of one line. */
export const text: Reader<string> = (value) =>
  typeof value === 'string' && value.length <= MOST_TEXT && value.isWellFormed() && !/\p{Cc}/u.test(value)
    ? value
    : null

export const path: Reader<string> = (value) => {
  const told = text(value)
  return told !== null && isAbsolute(told) ? told : null
}

/** From 1. */
export const count: Reader<number> = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 1 ? (value as number) : null

/** ms. */
export const duration: Reader<number> = (value) =>
  typeof value === 'number' && value >= 0 && value <= MOST_MS ? value : null

export const yesOrNo: Reader<boolean> = (value) => (typeof value === 'boolean' ? value : null)

export const whole: Reader<number> = (value) => (Number.isSafeInteger(value) ? (value as number) : null)

/** Of a service: with no name or password of anybody in it. */
export const url: Reader<string> = (value) => {
  const told = text(value)
  if (told === null || !URL.canParse(told)) return null
  const { protocol, username, password } = new URL(told)
  return /^https?:$/.test(protocol) && username === '' && password === '' ? told : null
}

export function oneOf<T extends string>(...words: readonly T[]): Reader<T> {
  return (value) => (words.includes(value as T) ? (value as T) : null)
}

export function list<T>(read: Reader<T>): Reader<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value) || value.length > MOST_ENTRIES) return null
    const all = value.map(read)
    return all.some((one) => one === null) ? null : (all as T[])
  }
}

export function record<T>(read: Reader<T>): Reader<Readonly<Record<string, T>>> {
  return (value) => {
    if (!isFields(value)) return null
    const entries = Object.entries(value).map(([name, one]) => [text(name), read(one)] as const)
    if (entries.length > MOST_ENTRIES || entries.some((entry) => entry.includes(null))) return null
    return entries.some(([name]) => name === '__proto__')
      ? null
      : Object.fromEntries(entries as [string, T][])
  }
}

/** An object of these fields; those that are not named as `needed` may be left out. */
export function shape<T extends object>(
  readers: { readonly [K in keyof T]-?: Reader<NonNullable<T[K]>> },
  ...needed: readonly (keyof T)[]
): Reader<T> {
  return (value) => {
    if (!isFields(value)) return null
    const told: Partial<T> = {}
    for (const name of Object.keys(readers) as (keyof T & string)[]) {
      if (value[name] === undefined && !needed.includes(name)) continue
      const one = readers[name](value[name])
      if (one === null) return null
      told[name] = one
    }
    return told as T
  }
}

/** An object of plain JSON, of a size and depth that nothing sensible has. */
export const plain: Reader<Readonly<Record<string, unknown>>> = (value) =>
  isFields(value) && isPlain(value, MOST_DEPTH) && JSON.stringify(value).length <= MOST_JSON ? value : null

function isPlain(value: unknown, depth: number): boolean {
  if (value === null || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value === 'string') return value.isWellFormed()
  if (typeof value !== 'object' || depth === 0) return false
  if (Object.hasOwn(value, '__proto__')) return false
  return Object.entries(value).every(([name, one]) => name.isWellFormed() && isPlain(one, depth - 1))
}

export function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
