/**
 * Digests of what else a result may rest on: how numbers are written and read, how arrays are sorted, how typed arrays
 * convert. Most of it ECMAScript fixes; what it leaves open are digits of radixes other than ten, digits read after the
 * twentieth, and the order in which a comparator is called.
 */
import { drawDoubles } from './draws.ts'
import { outputs } from './outputs.ts'

const RADIXES = [2, 3, 7, 16, 36]

/** Decimal texts that lie on or near the middle between two doubles, at the ends of their range, or beyond it. */
const HARD_DECIMALS = ['2.2250738585072011e-308', '2.2250738585072012e-308', '4.9e-324', '2.4703282292062327e-324',
  '2.4703282292062328e-324', '1.7976931348623157e308', '1.7976931348623158e308', '1.7976931348623159e308', '1e23', '8.5e-45',
  '9007199254740993', '9007199254740992.99999999999999999999999', '9007199254740993.00000000000000000000001', '0.1', '1e-400',
  '179769313486231580793728971405301e276', '0.500000000000000166533453693773481063544750213623046875',
  '3.518437208883201171875e13', '62.5364939768271845828', '8.10109172351e-10', '1.50000000000000011102230246251565',
  '5708990770823839524233143877797980545530986496'] // biome-ignore format: a list of numbers

/** Writing by every method and in several radixes; reading of hard texts and of long ones. */
export function numberDigest(words: Int32Array): string {
  const out = outputs()
  drawDoubles(words, 0, 48, { low: -1023, high: 1024, signed: true }).forEach((x, k) => {
    out.text([String(x), x.toExponential(k % 21), x.toExponential(), x.toPrecision(1 + (k % 21))].join(' '))
  })
  drawDoubles(words, 96, 48, { low: -10, high: 40, signed: true }).forEach((x, k) => {
    out.text([String(x), x.toFixed(k % 21), x.toString(RADIXES[k % RADIXES.length])].join(' '))
  })
  for (const text of HARD_DECIMALS) out.numbers([Number(text), Number.parseFloat(`${text}!`)])
  for (let k = 0; k + 4 < 128; k += 4) {
    const [a, b, c, d] = [0, 1, 2, 3].map((i) => words[k + i]! >>> 0)
    out.number(Number(`${a}.${b}${c}e${(d! % 600) - 300}`))
    out.number(Number.parseInt(`${a}${b}${c}`.replace(/[3-9]/g, '2'), 3))
  }
  return out.digest()
}

/** What ECMAScript fixes of sorting: by text, by number, stable, and in typed arrays with NaN and both zeros. */
export function sortingDigest(words: Int32Array): string {
  const out = outputs()
  const list = [...words.subarray(0, 256)]
  out.numbers([...list].sort())
  out.numbers([...list].sort((a, b) => a - b))
  out.numbers(list.map((_, i) => i).sort((a, b) => (list[a]! & 7) - (list[b]! & 7)))
  const doubles = Float64Array.of(
    0,
    Number.NaN,
    -0,
    ...drawDoubles(words, 0, 32, { low: -1023, high: 1024, signed: true }),
  )
  out.numbers(Float64Array.of(...doubles, Number.NEGATIVE_INFINITY, -0, 0, Number.NaN).sort())
  out.numbers(Uint32Array.from(list).sort())
  return out.digest()
}

/** The algorithm that sorts: what becomes of a list, and how often a comparator is called, that answers by lot. */
export function comparatorDigest(words: Int32Array): string {
  const out = outputs()
  for (const length of [3, 10, 24, 40, 200]) {
    let calls = 0
    const byLot = () => (words[calls++ % words.length]! & 0x100 ? 1 : -1)
    out.numbers(Array.from({ length }, (_, i) => i).sort(byLot))
    out.number(calls)
  }
  return out.digest()
}

const ARRAYS = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array,
  Float64Array] as const // biome-ignore format: a list of words

/** Rounding, wrapping, clamping, views, overlapping copies, 64-bit integers, and the order of bytes. */
export function typedArrayDigest(words: Int32Array): string {
  const out = outputs()
  const special = [
    0,
    -0,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -1,
    0.5,
    1.5,
    2.5,
    254.5,
    255.5,
    -2147483649,
    9_007_199_254_740_994,
  ]
  const doubles = Float64Array.of(
    ...special,
    ...drawDoubles(words, 0, 48, { low: -4, high: 70, signed: true }),
    ...drawDoubles(words, 96, 16, { low: -160, high: 140, signed: true }),
  )
  for (const type of ARRAYS) out.numbers(type.from(doubles))
  const moved = Float64Array.from(doubles)
  moved.set(moved.subarray(0, 20), 5)
  moved.copyWithin(30, 25, 50)
  out.numbers(moved)
  const view = new DataView(new ArrayBuffer(16))
  for (let k = 0; k < 32; k++) {
    view.setInt32(k % 12, words[k]!, k % 2 === 0)
    view.setFloat32(k % 7, doubles[k]!, k % 3 === 0)
    out.numbers([view.getInt16(k % 14), view.getUint32(k % 11, true), view.getUint8(k % 16)])
  }
  const wide = BigInt64Array.from(words.subarray(0, 32), (word) => BigInt(word) * BigInt(word) * BigInt(word))
  for (const n of [...wide, ...new BigUint64Array(wide.buffer)]) out.text(n.toString())
  out.numbers(new Uint8Array(Uint32Array.of(0x0102_0304).buffer))
  return out.digest()
}
