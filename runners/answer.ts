/**
 * What a program answers, read strictly: JSON as JavaScript would read it, except that nothing is rounded or
 * dropped on the way. A whole number above 2^53 or a key given twice with two values is refused instead.
 */
import { parse } from 'lossless-json'
import { decode, type Value } from '../lib/values.ts'

/** The answer is none, or none that can be kept. */
export class BadAnswer extends Error {
  override readonly name = 'BadAnswer'
}

/** The result in a line `{"result":…}`; throws the error in a line `{"error":{"name":…,"message":…}}`. */
export function parseAnswer(line: string): Value {
  const answer = parseStrictly(line) as Record<string, unknown> | null
  if (typeof answer === 'object' && answer !== null && !Array.isArray(answer)) {
    const keys = Object.keys(answer)
    if (keys.length === 1 && keys[0] === 'result') return decode(answer.result)
    if (keys.length === 1 && keys[0] === 'error') throw reported(answer.error)
  }
  throw new BadAnswer(`expected {"result":…} or {"error":{"name":…,"message":…}}, got ${excerpt(line)}`)
}

/** A whole output that is one JSON value. */
export function parseResult(text: string): Value {
  return decode(parseStrictly(text))
}

function reported(error: unknown): Error {
  const { name, message } = (error ?? {}) as Record<string, unknown>
  return Object.assign(new Error(String(message ?? '')), { name: String(name ?? 'Error') })
}

function parseStrictly(text: string): unknown {
  try {
    return parse(text, null, { parseNumber, onDuplicateKey })
  } catch (error) {
    if (error instanceof BadAnswer) throw error
    const hint = /\b(NaN|Infinity)\b/.test(text) ? ' (write NaN as {"$number":"NaN"})' : ''
    throw new BadAnswer(`not JSON${hint}: ${excerpt(text)}`)
  }
}

function parseNumber(digits: string): unknown {
  const n = Number(digits)
  if (/^-?\d+$/.test(digits) && !Number.isSafeInteger(n)) {
    throw new BadAnswer(`the whole number ${digits} does not fit; write {"$bigint":"${digits}"}`)
  }
  if (!Number.isFinite(n)) throw new BadAnswer(`the number ${digits} is too large`)
  if (Object.is(n, -0)) return /[.eE]/.test(digits) ? { $number: '-0' } : 0
  return n
}

function onDuplicateKey({ key }: { key: string }): never {
  throw new BadAnswer(`the key ${JSON.stringify(key)} is given twice, with two values`)
}

/** A line short enough for a message. */
export function excerpt(text: string): string {
  const line = text.trim()
  return JSON.stringify(line.length > 120 ? `${line.slice(0, 120)}…` : line)
}
