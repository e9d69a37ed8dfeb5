/**
 * The fixed inputs of the fingerprint: 512 words of one random stream, and the doubles that are put together from their bits,
 * so that no arithmetic has a part in them (FORMAT.md defines both).
 */
import { sha256, utf8 } from '../digest.ts'
import { randomStream } from '../random.ts'

/** Doubles of all binary exponents from `low` up to, but not including, `high`. -1023 stands for subnormal numbers. */
export interface Magnitudes {
  readonly low: number
  readonly high: number
  /** Also negative ones. */
  readonly signed: boolean
}

const WORDS = 512

/** The first 512 words of the stream xor4096 seeded with SHA-256('reprise/fingerprint/1'). */
export function drawWords(): Int32Array {
  const random = randomStream('xor4096', sha256(utf8('reprise/fingerprint/1')))
  return Int32Array.from({ length: WORDS }, () => random.int32())
}

/**
 * `count` doubles, the first made of the words from `from` on, two words each (after the last word comes the first again):
 * of the first word bit 31 is the sign, bits 20 to 30 choose the exponent, bits 0 to 19 and the second word are the fraction.
 */
export function drawDoubles(
  words: Int32Array,
  from: number,
  count: number,
  { low, high, signed }: Magnitudes,
): Float64Array {
  const doubles = new Float64Array(count)
  const bits = new DataView(new ArrayBuffer(8))
  for (let k = 0; k < count; k++) {
    const first = words[(from + 2 * k) % WORDS]!
    const exponent = 1023 + low + (((first >>> 20) & 0x7ff) % (high - low))
    bits.setInt32(0, (signed ? first & 0x8000_0000 : 0) | (exponent << 20) | (first & 0xf_ffff))
    bits.setInt32(4, words[(from + 2 * k + 1) % WORDS]!)
    doubles[k] = bits.getFloat64(0)
  }
  return doubles
}

/** The doubles of texts of sixteen hex digits each, separated by single spaces. */
export function readDoubles(lines: readonly string[]): Float64Array {
  const words = lines.join(' ').split(' ')
  const bits = new DataView(new ArrayBuffer(8))
  return Float64Array.from(words, (word) => {
    bits.setBigUint64(0, BigInt(`0x${word}`))
    return bits.getFloat64(0)
  })
}
