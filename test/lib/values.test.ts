/** Values: kept to the last bit, and everything else refused with the path to it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import vm from 'node:vm'
import fc from 'fast-check'
import { canonical } from '../../lib/canonical.ts'
import { decode, encode, type Json, MAX_DEPTH, type TypedArray } from '../../lib/values.ts'
import { vectors } from '../golden/vectors.ts'
import { identical, runs, value } from './arbitrary.ts'
import { refused } from './refusal.ts'

const TYPES = {
  int8: Int8Array,
  uint8: Uint8Array,
  uint8clamped: Uint8ClampedArray,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
  bigint64: BigInt64Array,
  biguint64: BigUint64Array,
} as const

function typedArray(type: string, elements: readonly string[]): TypedArray {
  const big = type.startsWith('big')
  const items = elements.map((text) => (big ? BigInt(text) : Number(text)))
  const make = TYPES[type as keyof typeof TYPES] as unknown as { from(items: unknown[]): TypedArray }
  return make.from(items)
}

test('should not change its output except for a new format', () => {
  assert.deepEqual(new Set(vectors.typed.map(({ type }) => type)), new Set(Object.keys(TYPES)))
  for (const { type, elements, text } of vectors.typed) {
    const array = typedArray(type, elements)
    assert.equal(canonical(array), text, type)
    assert.ok(identical(decode(JSON.parse(text)), array), type)
  }
  for (const { n, text } of vectors.bigints) {
    assert.equal(canonical(BigInt(n)), text)
    assert.equal(decode(JSON.parse(text)), BigInt(n))
  }
})

test('should keep every value exactly', () => {
  fc.assert(
    fc.property(value, (v) => assert.ok(identical(decode(JSON.parse(JSON.stringify(encode(v)))), v))),
    runs(1000),
  )
})

test('should keep NaN, the infinities and -0 apart', () => {
  const tags = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0].map((n) => encode(n))
  const texts = ['NaN', 'Infinity', '-Infinity', '-0']
  assert.deepEqual(
    tags,
    texts.map(($number) => ({ $number })),
  )
  assert.equal(encode(0), 0)
})

test('should write every NaN as the one NaN', () => {
  for (const bits of [0xfff8_0000_0000_0000n, 0x7ff0_0000_0000_0001n, 0xffff_ffff_ffff_ffffn]) {
    const odd = new Float64Array(new BigUint64Array([bits, 0n]).buffer)
    assert.deepEqual(encode(odd), encode(new Float64Array([Number.NaN, 0])))
    assert.equal(new BigUint64Array(odd.buffer)[0], bits, 'the array given is left as it was')
  }
  const odd = new Float32Array(new Uint32Array([0xffc0_0000, 0x7f80_0001]).buffer)
  assert.deepEqual(encode(odd), encode(new Float32Array([Number.NaN, Number.NaN])))
})

test('should take only the part of the buffer that a view shows', () => {
  const whole = Uint8Array.from({ length: 32 }, (_, i) => i)
  assert.deepEqual(encode(whole.subarray(3, 6)), encode(Uint8Array.of(3, 4, 5)))
  const part = new Float64Array(whole.buffer, 8, 2)
  assert.deepEqual(encode(part), encode(new Float64Array(whole.slice(8, 24).buffer)))
  assert.deepEqual(encode(Buffer.from([1, 2])), encode(Uint8Array.of(1, 2)))
})

test('should take plain objects and arrays of another realm or without a prototype', () => {
  assert.deepEqual(encode(vm.runInNewContext('({ a: [1, { b: [] }] })')), { a: [1, { b: [] }] })
  assert.deepEqual(encode(Object.assign(Object.create(null), { a: 1 })), { a: 1 })
  const shared = [1]
  assert.deepEqual(encode([shared, shared]), [[1], [1]], 'the same object twice is no cycle')
})

class Graph {
  nodes = 3
}
class Path extends Array {}
const cyclic: Record<string, unknown> = { a: { b: [0] } }
;(cyclic.a as { b: unknown[] }).b.push(cyclic)
const holed = [1, 2, 3]
delete holed[1]
const named = Object.assign([1, 2], { extra: 1 })
const withSymbol = { a: { [Symbol('s')]: 1 } }

const REFUSED: Readonly<Record<string, readonly [unknown, string]>> = {
  undefined: [{ a: undefined }, 'result.a is undefined'],
  'undefined itself': [undefined, 'result is undefined'],
  'undefined in an array': [[1, undefined], 'result[1] is undefined'],
  function: [{ f: () => 1 }, 'result.f is a function'],
  symbol: [[Symbol('s')], 'result[0] is a symbol'],
  'symbol as a key': [withSymbol, 'result.a has a symbol as a key'],
  Map: [{ runs: [0, { graph: new Map() }] }, 'result.runs[1].graph is a Map'],
  Set: [[new Set()], 'result[0] is a Set'],
  Date: [{ when: new Date(0) }, 'result.when is a Date'],
  RegExp: [/x/, 'result is a RegExp'],
  Error: [new Error('x'), 'result is a Error'],
  Promise: [{ p: Promise.resolve(1) }, 'result.p is a Promise'],
  'boxed number': [Object(1), 'result is a Number'],
  'class instance': [{ g: new Graph() }, 'result.g is a Graph'],
  'array of a class': [{ p: Path.of(1) }, 'result.p is a Path'],
  'object of an object': [Object.create({ a: 1 }), 'result is a Object'],
  cycle: [cyclic, 'result.a.b[1] refers back'],
  hole: [[0, holed], 'result[1][1] is a hole'],
  'hole at the end': [new Array(1), 'result[0] is a hole'],
  'named property': [{ list: named }, 'result.list is an array with named properties'],
  'match of a regular expression': ['ab'.match(/b/), 'result is an array with named properties'],
  'lone surrogate': [{ s: ['a\ud800'] }, 'result.s[0] is a string with a lone surrogate'],
  'lone low surrogate': ['\udc00\ud800', 'result is a string with a lone surrogate'],
  'lone surrogate in a key': [{ '\ud800': 1 }, 'result["\\ud800"] has a key with a lone surrogate'],
  'key with $': [{ a: { $number: 'NaN' } }, 'result.a["$number"] has a key that begins with $'],
  'key $': [{ $: 1 }, 'result["$"] has a key that begins with $'],
  'the key __proto__': [JSON.parse('{"x":{"__proto__":1}}'), 'result.x.__proto__ has the key __proto__'],
  'the key toJSON': [{ x: { toJSON: 1 } }, 'result.x.toJSON has the key toJSON'],
  DataView: [{ v: new DataView(new ArrayBuffer(8)) }, 'result.v is a DataView'],
  ArrayBuffer: [[new ArrayBuffer(8)], 'result[0] is a ArrayBuffer'],
  'odd key in the path': [{ 'a b': { 'ü"': new Map() } }, 'result["a b"]["ü\\""] is a Map'],
}

for (const [name, [thing, message]] of Object.entries(REFUSED)) {
  test(`should refuse ${name} with the path to it`, () => {
    refused(() => encode(thing, 'result'), 'invalid-result', { says: message })
  })
}

function nested(depth: number, innermost: unknown, wrap: (inner: unknown) => unknown): unknown {
  let tree = innermost
  for (let i = 0; i < depth; i++) tree = wrap(tree)
  return tree
}

test('should draw the line of depth at the same place on the way in and out', () => {
  for (const wrap of [(inner: unknown) => [inner], (inner: unknown) => ({ a: inner })]) {
    for (const innermost of [1, 'x', -0, new Float64Array(1)]) {
      const deepest = nested(MAX_DEPTH, innermost, wrap)
      assert.ok(identical(decode(encode(deepest)), deepest))
      refused(() => encode(nested(MAX_DEPTH + 1, innermost, wrap)), 'invalid-result', {
        says: `deeper than ${MAX_DEPTH}`,
      })
    }
    for (const innermost of [[], {}, 1]) {
      const inner = innermost === 1 ? 1 : 0
      assert.doesNotThrow(() => decode(nested(MAX_DEPTH - 1 + inner, innermost, wrap)))
      refused(() => decode(nested(MAX_DEPTH + inner, innermost, wrap)), 'not-intact', {
        says: `deeper than ${MAX_DEPTH}`,
      })
    }
  }
})

test('should refuse, when reading, whatever it would not have written', () => {
  const odd: Record<string, unknown> = {
    'unknown tag': { $date: '2026' },
    'tag of a prototype': { $constructor: '' },
    'two tags': { $number: 'NaN', $bigint: '1' },
    'tag and key': { $number: 'NaN', a: 1 },
    'key and tag': { a: 1, $number: 'NaN' },
    'tag without text': { $number: 1 },
    'ordinary number in a tag': { $number: '1' },
    'zero in a tag': { $number: '0' },
    'other NaN': { $number: 'nan' },
    'bigint with a sign': { $bigint: '+1' },
    'bigint with zeros': { $bigint: '01' },
    'bigint minus zero': { $bigint: '-0' },
    'bigint in hex': { $bigint: '0x1' },
    'bigint with space': { $bigint: '1 ' },
    'empty bigint': { $bigint: '' },
    'half an element': { $float64: 'AAAA' },
    'no base64': { $uint8: 'A' },
    'loose bits': { $uint8: 'AR==' },
    'other NaN in float64': { $float64: 'AAAAAAAA+P8=' },
    'other NaN in float32': { $float32: 'AADA/w==' },
    'lone surrogate': ['\ud800'],
    'lone surrogate in a key': { '\ud800': 1 },
    'the key __proto__': JSON.parse('{"__proto__":{"a":1}}'),
    'the key toJSON': { a: [{ toJSON: 1 }] },
    'minus zero': [-0],
    infinity: [JSON.parse('1e400')],
    undefined: [undefined],
    bigint: 1n,
  }
  for (const [name, json] of Object.entries(odd)) {
    assert.throws(() => decode(json), { code: 'not-intact' }, name)
  }
})

test('should read as a value only what writes back as the same JSON', () => {
  const tag = fc.constantFrom(
    '$number',
    '$bigint',
    ...Object.keys(TYPES).map((type) => `$${type}`),
    '$',
    '$x',
  )
  const text = fc.oneof(
    fc.constantFrom('NaN', '-0', '0', '-1', '12', 'AQ==', 'AAAAAAAA+H8=', 'AAAAAAAA+P8=', 'AADAfw==', ''),
    fc.base64String({ maxLength: 16 }),
  )
  const property = fc.property(tag, text, (name, content) => {
    const json = { [name]: content }
    let found: Json
    try {
      found = encode(decode(json))
    } catch (error) {
      assert.equal((error as { code?: string }).code, 'not-intact')
      return
    }
    assert.deepEqual(found, json)
  })
  fc.assert(property, runs(1000))
})
