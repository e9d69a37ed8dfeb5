/** Entries: one byte string each, with exactly the keys that they have. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { utf8 } from '../../lib/digest.ts'
import { ENTRY_FORMAT, ENTRY_KINDS, type Entry, entryBytes, parseEntry } from '../../lib/entry.ts'
import { runs } from './arbitrary.ts'
import { refused } from './refusal.ts'

const ENTRY: Omit<Entry, 'format'> = {
  seq: 7,
  prev: 'ab'.repeat(32),
  time: '2026-11-25T12:00:00.123Z',
  kind: 'note',
  body: { text: 'größe', about: null },
}

test('should read what it writes, whatever an entry tells', () => {
  const word = fc.string({ unit: 'grapheme', maxLength: 20 })
  const body = fc.dictionary(
    fc.stringMatching(/^[a-z]{1,8}$/),
    fc.oneof(word, fc.integer(), fc.constant(null)),
    {
      maxKeys: 5,
    },
  )
  const entry = fc.record(
    {
      seq: fc.maxSafeNat(),
      prev: fc.option(fc.stringMatching(/^[0-9a-f]{64}$/), { nil: null }),
      time: fc
        .date({ min: new Date(0), max: new Date('9999-01-01'), noInvalidDate: true })
        .map((d) => d.toISOString()),
      kind: fc.constantFrom(...ENTRY_KINDS),
      body: body.map((one) => ({ ...one })),
    },
    { noNullPrototype: true },
  )
  const check = (one: Omit<Entry, 'format'>) => {
    const bytes = entryBytes(one)
    assert.equal(bytes.includes(10), false, 'no line feed')
    assert.deepEqual(parseEntry(bytes), { format: ENTRY_FORMAT, ...one })
  }
  fc.assert(fc.property(entry, check), runs(200))
})

test('should let a kind pass that a later version may have', () => {
  const text = new TextDecoder().decode(entryBytes(ENTRY)).replace('"note"', '"thing-done"')
  assert.equal(parseEntry(utf8(text)).kind, 'thing-done')
})

test('should refuse whatever is not the one text of an entry', () => {
  const text = new TextDecoder().decode(entryBytes(ENTRY))
  const texts = [
    '', 'null', '[]', '5', '"x"', '{}', `${text}\n`, ` ${text}`, `\ufeff${text}`, text.replace('größe', 'gr\\u00f6\\u00dfe'),
    text.replace('"seq":7', '"seq":7.5'), text.replace('"seq":7', '"seq":-1'), text.replace('"seq":7', '"seq":"7"'), text.replace('"seq":7', '"seq":07'),
    text.replace('"seq":7', '"seq":7.0'), text.replace('"seq":7', '"seq":7,"seq":7'), text.replace('"seq":7', '"seq":9007199254740992'),
    text.replace('"seq":7', '"seq":7,"x":1'), text.replace(',"seq":7', ''), text.replace('entry/1', 'entry/2'),
    text.replace(/"prev":"[^"]*"/, '"prev":""'), text.replace('abab', 'ABab'), text.replace('abab', 'ab'), text.replace(/"prev":"[^"]*"/, '"prev":0'),
    text.replace('12:00:00.123Z', '12:00:00Z'), text.replace('.123Z', '.123+00:00'), text.replace('2026-11', '2026-1'),
    text.replace('"note"', '""'), text.replace('"note"', '"Note"'), text.replace('"note"', '"a b"'), text.replace('"note"', `"${'a'.repeat(42)}"`),
    text.replace('"note"', '5'), text.replace(/"body":\{[^}]*\}/, '"body":[]'), text.replace(/"body":\{[^}]*\}/, '"body":null'),
    text.replace('"about":null', '"about":null,"about":null'), text.replace('größe', '\\ud800'),
    text.replace('"about":null', '"__proto__":null'), text.replace('"about":null', '"toJSON":null'),
    `${'{"body":'.repeat(50_000)}1${'}'.repeat(50_000)}`,
  ] // biome-ignore format: a list
  for (const changed of texts) {
    assert.notEqual(changed, text)
    refused(() => parseEntry(utf8(changed)), 'not-intact')
  }
  refused(() => parseEntry(Uint8Array.of(...utf8(text), 0xff)), 'not-intact')
})
