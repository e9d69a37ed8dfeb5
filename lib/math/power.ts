/** The operator `**` as a function: on numbers the portable pow, on BigInts the operator itself, which is exact. */
import { pow } from './pow.ts'

/** `base ** exponent`, with the operator's own conversions and errors. */
export const power = (base: unknown, exponent: unknown): number | bigint => {
  if (typeof base === 'number' && typeof exponent === 'number') return pow(base, exponent)
  const left = toNumeric(base)
  const right = toNumeric(exponent)
  if (typeof left === 'number' && typeof right === 'number') return pow(left, right)
  // with one that is no BigInt, it throws as it must
  return (left as bigint) ** (right as bigint)
}

/** ECMAScript's ToNumeric is what a minus does first, and two of them change nothing. */
const toNumeric = (value: unknown): number | bigint => -(-(value as number)) as number | bigint
