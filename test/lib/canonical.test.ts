/** Canonical JSON: RFC 8785's own vectors, Python's, and the properties that make hashes trustworthy. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { canonical, canonicalBytes, canonicalJson, parseCanonical, parseExact } from '../../lib/canonical.ts'
import { sha256, toHex, utf8 } from '../../lib/digest.ts'
import { RepriseError } from '../../lib/errors.ts'
import { decode, encode, type Json, type Value } from '../../lib/values.ts'
import { fromBits, rfc8785, unhex, vectors } from '../golden/vectors.ts'
import { identical, key, runs, value } from './arbitrary.ts'
import { isRefusal, refused } from './refusal.ts'

test('should not change its output except for a new format', () => {
  assert.ok(vectors.values.length > 10 && vectors.numbers.length > 200)
  for (const { name, json, text, sha256: digest } of vectors.values) {
    assert.equal(canonical(decode(json)), text, name)
    assert.equal(toHex(sha256(canonicalBytes(decode(json)))), digest, name)
    assert.ok(identical(decode(parseCanonical(utf8(text))), decode(json)), name)
  }
  for (const { bits, text } of vectors.numbers) {
    assert.equal(canonical(fromBits(bits)), text, bits)
    assert.ok(Object.is(parseCanonical(utf8(text)), fromBits(bits)), bits)
  }
})

test('should agree with the examples of RFC 8785', () => {
  const { example, sorting } = rfc8785
  assert.deepEqual(canonicalBytes(JSON.parse(example.input)), unhex(example.utf8))
  const sorted = JSON.parse(
    `[${canonical(JSON.parse(sorting.input))
      .replaceAll(/"[^"]*":/g, '')
      .slice(1, -1)}]`,
  )
  assert.deepEqual(sorted, sorting.order)
})

test('should agree with the numbers of RFC 8785 appendix B', () => {
  for (const { bits, text } of rfc8785.numbers) {
    const n = fromBits(bits)
    // The RFC refuses NaN and infinities and writes -0 as 0; here they are tagged, so that no bit is lost.
    if (text === null || Object.is(n, -0)) assert.match(canonical(n), /^\{"\$number":/)
    else assert.equal(canonical(n), text)
  }
})

test('should not depend on the order of keys', () => {
  const entries = fc.uniqueArray(fc.tuple(key, value), { selector: ([name]) => name, maxLength: 6 })
  const shuffled = entries.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
  )
  const property = fc.property(shuffled, ([one, other]) => {
    const left = canonical({ in: [Object.fromEntries(one)] })
    assert.equal(canonical({ in: [Object.fromEntries(other)] }), left)
  })
  fc.assert(property, runs(300))
})

/** RFC 8785 in four lines: ECMAScript writes numbers and strings, keys are sorted by UTF-16 code units. */
function reference(tree: unknown): string {
  if (typeof tree !== 'object' || tree === null) return JSON.stringify(tree)
  if (Array.isArray(tree)) return `[${tree.map(reference).join()}]`
  const entries = Object.entries(tree).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([name, item]) => `${JSON.stringify(name)}:${reference(item)}`).join()}}`
}

test('should write what RFC 8785 asks', () => {
  fc.assert(
    fc.property(value, (v) => assert.equal(canonical(v), reference(encode(v)))),
    runs(500),
  )
})

test('should read what RFC 8785 would have written, and no other text of the same value', () => {
  /** Keys in any order, whole numbers too, which JavaScript puts first. */
  const json = fc.jsonValue({ maxDepth: 3, noUnicodeString: false }).filter((tree) => {
    const text = JSON.stringify(tree)
    return !/"(toJSON|__proto__)":/.test(text) && !text.includes('-0')
  })
  const property = fc.property(json, (tree) => {
    const [text, own] = [reference(tree), JSON.stringify(tree)]
    assert.deepEqual(parseCanonical(utf8(text)), JSON.parse(text))
    if (own !== text) assert.throws(() => parseCanonical(utf8(own)), isRefusal('not-intact'))
    assert.throws(() => parseCanonical(utf8(` ${text}`)), isRefusal('not-intact'))
  })
  fc.assert(property, runs(500))
  for (const text of ['{"10":1,"9":2}', '{"a":1,"b":{"10":1,"2":[{"x":0}]}}'])
    assert.deepEqual(parseCanonical(utf8(text)), JSON.parse(text))
  for (const text of [
    '{"9":2,"10":1}',
    '{"b":1,"a":2}',
    '{"a":1,"a":1}',
    '[{"x":{"b":1,"a":1}}]',
    '-0',
    '1.0',
  ])
    assert.throws(() => parseCanonical(utf8(text)), isRefusal('not-intact'), text)
})

test('should take an object met twice for what it is', () => {
  const shared = { x: 1 }
  assert.equal(canonical({ ab: shared, a: shared }), '{"a":{"x":1},"ab":{"x":1}}')
})

test('should read back exactly what it wrote', () => {
  const property = fc.property(value, (v) => {
    const bytes = canonicalBytes(v)
    assert.ok(identical(decode(parseCanonical(bytes)), v))
    assert.equal(canonicalJson(parseCanonical(bytes)), new TextDecoder().decode(bytes))
  })
  fc.assert(property, runs(500))
})

/** Reads bytes as a stranger's: a refusal, or a value. */
function read(bytes: Uint8Array): Value | RepriseError {
  try {
    return decode(parseCanonical(bytes))
  } catch (error) {
    assert.ok(isRefusal('not-intact')(error))
    return error as RepriseError
  }
}

test('should refuse a changed byte, or read another value whose bytes those are', () => {
  let refusals = 0
  let readings = 0
  const property = fc.property(value, fc.uint8Array({ minLength: 3, maxLength: 3 }), (v, other) => {
    const bytes = canonicalBytes(v)
    for (let at = 0; at < bytes.length; at++) {
      for (const byte of [
        ...other,
        0x20,
        0x22,
        0x24,
        0x2c,
        0x30,
        0x5c,
        0x7d,
        bytes[at]! ^ 1,
        bytes[at]! ^ 0x20,
      ]) {
        if (byte === bytes[at]) continue
        const changed = bytes.with(at, byte)
        const found = read(changed)
        if (found instanceof RepriseError) refusals++
        else {
          readings++
          assert.ok(!identical(found, v))
          assert.deepEqual(canonicalBytes(found), changed)
        }
      }
    }
  })
  fc.assert(property, runs(60))
  assert.ok(refusals > 1000 && readings > 1000, `${refusals} refused, ${readings} read`)
})

test('should refuse truncated and extended bytes', () => {
  const bytes = canonicalBytes({ a: [1, 'ü'], b: { $: 1 }.$ })
  for (let end = 0; end < bytes.length; end++)
    refused(() => parseCanonical(bytes.slice(0, end)), 'not-intact')
  for (const more of [' ', '\n', '\0', '}', '1'])
    refused(() => parseCanonical(utf8(new TextDecoder().decode(bytes) + more)), 'not-intact')
})

test('should refuse JSON that is not in canonical form', () => {
  const odd = {
    duplicate: '{"a":1,"a":1}',
    'duplicate, other value': '{"a":1,"a":2}',
    unsorted: '{"b":1,"a":2}',
    'the key toJSON': '{"toJSON":1}',
    'unsorted with toJSON': '{"toJSON":1,"b":1,"a":2}',
    'the key __proto__': '{"__proto__":{"a":1}}',
    'white space': '{"a": 1}',
    'trailing line feed': '{}\n',
    'byte-order mark': '\ufeff{}',
    'too large': '1e400',
    'minus zero': '-0',
    'not the shortest': '1.0',
    'too precise': '9007199254740993',
    'exponent without sign': '1e21',
    'needless exponent': '1e2',
    'needless escape': '"\\u0041"',
    'escaped solidus': '"\\/"',
    'escape in capitals': '"\\u000F"',
    'lone surrogate': '"\\ud800"',
    'lone surrogate, low': '"a\\udfff"',
    'lone surrogate in a key': '{"\\ud800":1}',
    'escaped pair': '"\\ud83d\\ude00"',
    empty: '',
    'no JSON': 'undefined',
    'two values': '1 1',
    NaN: 'NaN',
  }
  for (const [name, text] of Object.entries(odd)) {
    assert.throws(() => parseCanonical(utf8(text)), isRefusal('not-intact'), name)
  }
  assert.equal(parseCanonical(utf8('"\\\\ud800"')), '\\ud800')
})

test('should refuse bytes that are not UTF-8', () => {
  for (const bytes of [
    [0x22, 0xff, 0x22],
    [0x22, 0xc0, 0x80, 0x22],
    [0x22, 0xed, 0xa0, 0x80, 0x22],
    [0xef, 0xbb, 0xbf, 0x31],
  ]) {
    refused(() => parseCanonical(Uint8Array.from(bytes)), 'not-intact')
  }
})

test('should refuse nesting that would overflow the stack as not intact', () => {
  refused(() => parseCanonical(utf8('['.repeat(200_000) + ']'.repeat(200_000))), 'not-intact')
})

test('should demand of other writers too that the text is theirs, and say where it is not', () => {
  const indented = (tree: Json) => JSON.stringify(tree, null, 1)
  assert.deepEqual(parseExact(utf8('{\n "b": 1,\n "a": 2\n}'), indented), { b: 1, a: 2 })
  refused(() => parseExact(utf8('{\n "b":1\n}'), indented), 'not-intact', { says: 'character 7' })
})

test('should name the path of what it cannot write', () => {
  refused(() => canonical({ a: [undefined] }, 'result'), 'invalid-result', {
    says: 'result.a[0] is undefined',
  })
  assert.deepEqual(encode({ b: 1n }), { b: { $bigint: '1' } })
})
