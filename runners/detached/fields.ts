/** What a record's header may hold, read strictly: it may have been written by anybody. All throw `not-intact`. */
import { damaged } from './record.ts'

export type Fields = Readonly<Record<string, unknown>>

/** What is longer is cut: no text of ours is. */
const MAX_TEXT = 2 ** 16

export function fields(value: unknown): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw malformed()
}

export function whole(value: unknown, least = 0): number {
  if (Number.isSafeInteger(value) && (value as number) >= least) return value as number
  throw malformed()
}

export function text(value: unknown, most = MAX_TEXT): string {
  if (typeof value === 'string') return value.slice(0, most).toWellFormed()
  throw malformed()
}

export function oneOf(value: unknown, words: readonly string[]): string {
  if (typeof value === 'string' && words.includes(value)) return value
  throw malformed()
}

export function list(value: unknown, most = Number.POSITIVE_INFINITY): readonly unknown[] {
  if (Array.isArray(value) && value.length <= most) return value
  throw malformed()
}

export function orNull<T>(value: unknown, read: (value: unknown) => T): T | null {
  return value === null ? null : read(value)
}

/** A time in UTC, as all of ours are written: with milliseconds. */
export function time(value: unknown): string {
  const told = typeof value === 'string' && TIME.test(value) ? new Date(value) : null
  if (told === null || Number.isNaN(told.getTime())) throw malformed()
  return told.toISOString()
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/

export function malformed(): Error {
  return damaged('has a record that is malformed')
}
