/** Exact texts: what is written is read, nothing else is, and what could exhaust a parser never comes to it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { utf8 } from '../../lib/digest.ts'
import { RepriseError } from '../../lib/errors.ts'
import type { Json } from '../../lib/values.ts'
import { checkLines } from '../../provenance/exact-lines.ts'
import { exactText, parseExactText } from '../../provenance/exact-text.ts'
import { key, runs, text } from '../lib/arbitrary.ts'

const json: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<Json>(null, true, false, 0, 1, -1.5, 1e21, 5e-324, 1.7976931348623157e308, '', '\\', '"', '\\"', '\n', '[', '{},'),
    text as fc.Arbitrary<Json>,
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0) as fc.Arbitrary<Json>,
    fc.array(tie('json'), { maxLength: 4 }) as fc.Arbitrary<Json>,
    fc.dictionary(key, tie('json'), { maxKeys: 4, noNullPrototype: true }) as fc.Arbitrary<Json>,
  ),
})).json // biome-ignore format: a grammar

/** RFC 8785's order and `JSON.stringify`'s indentation, by a Map that keeps the order of keys. */
function slow(value: Json, indent = ''): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const inner = `${indent}  `
  const lines = Array.isArray(value)
    ? value.map((item: Json) => inner + slow(item, inner))
    : Object.entries(value as Record<string, Json>)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, item]) => `${inner}${JSON.stringify(name)}: ${slow(item, inner)}`)
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  return lines.length === 0 ? `${open}${close}` : `${open}\n${lines.join(',\n')}\n${indent}${close}`
}

function refused(bytes: Uint8Array, what = /./): void {
  assert.throws(
    () => parseExactText(bytes),
    (error: unknown) =>
      error instanceof RepriseError && error.code === 'not-intact' && what.test(error.message),
  )
}

test('should write what a plain writer writes, and read it back', () => {
  const property = fc.property(json, (value) => {
    const written = exactText(value)
    assert.equal(written, `${slow(value)}\n`)
    assert.deepEqual(parseExactText(utf8(written)), value)
  })
  fc.assert(property, runs(300))
})

test('should refuse every other text that says the same', () => {
  const property = fc.property(json, fc.nat(), (value, place) => {
    const written = exactText(value)
    const at = place % (written.length + 1)
    for (const more of [' ', '\n', '\t', ',', '\r']) {
      const changed = written.slice(0, at) + more + written.slice(at)
      if (!changed.isWellFormed()) continue
      let same = false
      try {
        same = JSON.stringify(JSON.parse(changed)) === JSON.stringify(value)
      } catch {
        same = false
      }
      if (same) refused(utf8(changed))
    }
  })
  fc.assert(property, runs(200))
})

test('should find any byte that is changed to say something else, or refuse it', () => {
  const value = { a: [1, 'x\\"y', { b: {} }, []], ä: null, z: 'Ω' }
  const whole = utf8(exactText(value))
  for (let i = 0; i < whole.length; i++)
    for (let byte = 0; byte < 256; byte++) {
      if (byte === whole[i]) continue
      const changed = Uint8Array.from(whole)
      changed[i] = byte
      try {
        assert.notDeepEqual(parseExactText(changed), value, `byte ${i} to ${byte}`)
      } catch (error) {
        assert.ok(error instanceof RepriseError, String(error))
      }
    }
})

test('should not give to the parser what has more values than lines', () => {
  const texts = [
    '[[],[]]\n',
    '[\n  [],[]\n]\n',
    '{\n  "a": [],"b": []\n}\n',
    '{\n  "a": "", "b": ""\n}\n',
    '{\n  "a": "", [], [], ""\n}\n',
    '{\n  "a": "\\\\", [], ""\n}\n',
    '{\n  "a": {"b": 1}\n}\n',
    '{\n  "a" : 1\n}\n',
    '{\n  "a": 1 \n}\n',
    '{\n  "a": 1,,\n}\n',
    '{\n  "a": "x\n}\n',
    `{\n  "a": ${'1'.repeat(60)}\n}\n`,
    '{\n"a": 1\n}\n',
    '{\n    "a": 1\n}\n',
    '{\n  "a": 1\n  }\n',
    '}\n',
    '\ufeff{}\n',
    '\u00a0{}\n',
    '\t{}\n',
    `${' '.repeat(2_000)}{}\n`,
  ]
  for (const one of texts) assert.throws(() => checkLines(utf8(one)), /not an exact text: line \d+/, one)
  for (const one of [
    '{}\n',
    '[]',
    '{\n  "a": "\\\\\\"",\n  "b": [\n    -1e+21,\n    null\n  ]\n}\n',
    '"\\\\"',
    '',
  ])
    checkLines(utf8(one))
})

test('should refuse more lines than a record has, and say where it is wrong', () => {
  refused(Buffer.alloc(2 ** 24 + 2, '0\n'), /line 8388609 is one too many/)
  const keys = (n: number) =>
    Array.from({ length: n }, (_, i) => `    "k${String(i).padStart(6, '0')}": 0`).join(',\n')
  const objects = (n: number) => `[\n  {\n${keys(n)}\n  },\n  {\n${keys(n)}\n  }\n]\n`
  parseExactText(utf8(objects(2 ** 16)))
  refused(utf8(objects(2 ** 16 + 1)), /line 65539 is one key too many/)
  refused(utf8('{\n  "b": 1,\n  "a": 2\n}\n'), /not in canonical form after character 0/)
  refused(utf8('{\n  "a": 1,\n  "a": 1\n}\n'), /canonical/)
  refused(utf8('{\n  "__proto__": 1\n}\n'))
  refused(utf8('{\n  "a": "\\ud800"\n}\n'), /surrogate/)
  refused(Buffer.from([0x22, 0xff, 0x22, 0x0a]), /not JSON/)
})

test('should let its first reader refuse it for a better reason', () => {
  const first = (value: unknown) => {
    if (Array.isArray(value)) throw new RepriseError('not-intact', 'is a list')
  }
  assert.throws(() => parseExactText(utf8('[\n  1\n]'), first), /is a list/)
  assert.deepEqual(parseExactText(utf8('{}\n'), first), {})
})
