/** What a program answers is kept exactly or refused with words that help. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { encode } from '../../lib/values.ts'
import { parseAnswer, parseResult } from '../../runners/answer.ts'
import { identical, runs, value } from '../lib/arbitrary.ts'

test('should read any value back', () => {
  const property = fc.property(value, (given) => {
    const text = JSON.stringify(encode(given))
    fc.pre(!/(^|[[,:])-?\d{16,}($|[\],}])/.test(text)) // whole numbers that large are refused
    assert.ok(identical(parseAnswer(`{"result":${text}}`), given))
    assert.ok(identical(parseResult(` ${text}\n`), given))
  })
  fc.assert(property, runs(300))
})

test('should read numbers as JavaScript does, and -0 where a fraction says so', () => {
  const cases: [string, unknown][] = [
    ['0.1', 0.1], ['1.0', 1], ['-0', 0], ['-0.0', -0], ['-0e0', -0], ['1e17', 1e17], ['9007199254740991', 2 ** 53 - 1],
    ['5e-324', 5e-324], ['1E5', 100_000], ['0.30000000000000004', 0.1 + 0.2],
    ['{"$number":"NaN"}', Number.NaN], ['{"$bigint":"9007199254740993"}', 9007199254740993n],
  ] // biome-ignore format: a table
  for (const [text, expected] of cases) {
    assert.ok(Object.is(parseAnswer(`{"result":${text}}`), expected), text)
    assert.ok(Object.is(parseResult(text), expected), text)
  }
})

test('should refuse what would be rounded or dropped, and say what to write', () => {
  const cases: [string, RegExp][] = [
    ['{"result":9007199254740993}', /9007199254740993 does not fit; write \{"\$bigint":"9007199254740993"\}/],
    ['{"result":[-9007199254740992]}', /does not fit/],
    ['{"result":1e400}', /1e400 is too large/],
    ['{"result":NaN}', /not JSON \(write NaN as \{"\$number":"NaN"\}\)/],
    ['{"result":[Infinity]}', /not JSON \(write NaN/],
    ['{"result":{"a":1,"b":0,"a":2}}', /the key "a" is given twice/],
    ['{"result":1,"result":2}', /the key "result" is given twice/],
    ['{"result":{"__proto__":{"a":1}}}', /__proto__/],
    ['{"result":{"$date":"x"}}', /unknown tag/],
    ['{"result":"\\ud800"}', /lone surrogate/],
    ['{"result":1} {"result":2}', /not JSON/],
    ['{"result":1,"more":2}', /expected \{"result":…\}/],
    ['{"results":1}', /expected/],
    ['[1]', /expected/],
    ['null', /expected/],
    ['', /not JSON/],
    ['\ufeff{"result":1}', /not JSON/],
    ['Traceback (most recent call last):', /not JSON.*Traceback/],
    [`{"result":${'['.repeat(100_000)}`, /not JSON/],
  ]
  for (const [line, words] of cases) assert.throws(() => parseAnswer(line), words, line.slice(0, 50))
})

test('should throw the error that a program reports', () => {
  const thrown = (line: string) => {
    try {
      return parseAnswer(line)
    } catch (error) {
      return [(error as Error).name, (error as Error).message]
    }
  }
  assert.deepEqual(thrown('{"error":{"name":"ValueError","message":"no root"}}'), ['ValueError', 'no root'])
  assert.deepEqual(thrown('{"error":{"message":5}}'), ['Error', '5'])
  assert.deepEqual(thrown('{"error":null}'), ['Error', ''])
})

test('should keep excerpts short', () => {
  assert.throws(
    () => parseAnswer('x'.repeat(1e6)),
    (error: Error) => error.message.length < 300,
  )
})
