/**
 * The high word of a double, and the exact powers of two. The order of words in memory is the processor's; it is
 * looked up once, so that nothing depends on it. Nothing is put together word by word: to read what was just written
 * in parts makes a processor wait for some twenty cycles. Powers of two come from a table: multiplying by one is exact
 * wherever the product is a normal number, and faster than putting an exponent together in memory.
 */
const double = new Float64Array(1)
const words = new Int32Array(double.buffer)

double[0] = 1 // its low word is zero, its high word is not
const HIGH = words[0] === 0 ? 1 : 0

/** Sign, exponent and the first 20 bits of the fraction, as a signed integer. */
export const highWord = (x: number): number => {
  double[0] = x
  return words[HIGH]!
}

/** Where 2^0 lies in the table of powers, which begins with the least. */
const ONE_AT = 1074
const POWERS = new Float64Array(2098)
for (let k = 0, power = 5e-324; k < POWERS.length; k++, power *= 2) POWERS[k] = power

/** 2^k, for integers k from -1074 to 1023. */
export const powerOfTwo = (k: number): number => POWERS[k + ONE_AT]!

/** x · 2^k, rounded once, for normal x below 4 in magnitude and integers k from -1100 to 1024. */
export const scale = (x: number, k: number): number => {
  if (k > 1023) return x * 2 * POWERS[k - 1 + ONE_AT]!
  if (k >= -ONE_AT) return x * POWERS[k + ONE_AT]!
  return x * POWERS[k + 60 + ONE_AT]! * POWERS[-60 + ONE_AT]!
}
