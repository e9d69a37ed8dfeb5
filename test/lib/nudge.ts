/** A function of numbers that is one ulp off for a part of its arguments, as a fused multiplication would make it. */
import type { NumberFunction } from '../../lib/fingerprint/math.ts'

/** `f`, but an eighth of its results, by bits that every function leaves at random, are the next double upwards. */
export function nudged(f: NumberFunction): NumberFunction {
  const bits = new DataView(new ArrayBuffer(8))
  return (...numbers) => {
    const result = f(...numbers)
    bits.setFloat64(0, result)
    const word = bits.getBigUint64(0)
    const isOff = Number.isInteger(result) ? Math.abs(result) % 2 === 1 : ((word >> 29n) & 7n) === 5n
    if (isOff) bits.setBigUint64(0, word + 1n)
    return isOff ? bits.getFloat64(0) : result
  }
}
