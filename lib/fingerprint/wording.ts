/**
 * Digests of words that come from the engine: what its Unicode data make of letters, and what its own errors say. A failed
 * job's record holds its error's message, and engines word these as they like.
 */
import { outputs } from './outputs.ts'

/** Blocks with letters of two cases, or combining marks, that came with Unicode 12 to 17: first and last code point. */
const RECENT = [[0x1c80, 0x1c8f], [0xa7b0, 0xa7df], [0x10570, 0x105bc], [0x16ea0, 0x16ebf], [0x1df00, 0x1df2a],
  [0x0898, 0x08a0], [0x11f00, 0x11f10], [0x2ffc, 0x2fff]] as const // biome-ignore format: a list of numbers
const LAST = 0x3_2fff
const STRIDE = 211

/** Upper and lower case, two normal forms, and properties in regular expressions, of a sample of all code points. */
export function unicodeDigest(): string {
  const out = outputs()
  const codes: number[] = []
  for (let code = 0xa0; code < 0x250; code++) codes.push(code)
  for (let code = 0x250; code <= LAST; code += STRIDE) if (code < 0xd800 || code > 0xdfff) codes.push(code)
  for (const [first, last] of RECENT) for (let code = first; code <= last; code++) codes.push(code)
  const text = codes.map((code) => String.fromCodePoint(code)).join(' ')
  out.text(text.toUpperCase())
  out.text(text.toLowerCase())
  out.text(text.normalize('NFD'))
  out.text(text.normalize('NFKC'))
  const classes = [/\p{L}/gu, /\p{Lu}/gu, /\p{M}/gu, /\p{N}/gu, /[^\W\d_]/giu]
  for (const found of classes) out.text(text.replace(found, '.'))
  return out.digest()
}

/** Mistakes that the engine itself tells of, in words that hold no name of a variable. */
const MISTAKES: readonly (() => unknown)[] = [
  () => (null as unknown as { x: number }).x,
  () => (undefined as unknown as { x: number }).x,
  () => Object.assign(Object.freeze({ a: 1 }), { a: 2 }),
  () => JSON.parse('{"a":'),
  () => JSON.parse('[1,]'),
  () => JSON.parse('nonsense'),
  () => JSON.stringify(1n),
  () => new Array(-1),
  () => (1).toFixed(101),
  () => (1).toString(1),
  () => 'x'.repeat(-1),
  () => 'x'.normalize('x'),
  () => BigInt('x'),
  () => BigInt(1.5),
  () => 1n / 0n,
  () => (1n as unknown as number) + 1,
  () => Number(Symbol.iterator),
  () => new RegExp(String('(')),
  () => new Map([1] as unknown as [number, number][]),
  () => [].reduce((a) => a),
  () => new Float64Array(new ArrayBuffer(9)),
  () => new DataView(new ArrayBuffer(1)).getFloat64(0),
  () => decodeURIComponent('%'),
  () => Object.defineProperty(1 as unknown as object, 'x', {}),
]

/** Names and messages of the engine's own errors. */
export function errorDigest(): string {
  const out = outputs()
  for (const mistake of MISTAKES) {
    try {
      out.text(String(mistake()))
    } catch (error) {
      out.text(String(error))
    }
  }
  return out.digest()
}
