/** Which record of a PDF is meant: by number or root, and never by guessing. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { chosenRecord } from '../../cli/pdf-record.ts'
import type { PdfRecord } from '../../lab/unpack-pdf.ts'
import { parseManifest } from '../../provenance/read-manifest.ts'
import { manifestPath } from '../lab/records.ts'

const RECORDS: readonly PdfRecord[] = [
  ...['factorial', 'python'].map((name) => parseManifest(readFileSync(manifestPath(name)))),
  null,
].map((manifest, i) => ({ number: i + 1, file: `${i}\n.json`, path: String(i), manifest, problems: [] }))
const [first, second] = RECORDS as [PdfRecord, PdfRecord]
const root = second.manifest!.results.root

test('should take the only one, or the one that is named', () => {
  assert.equal(chosenRecord([first], undefined, 'p.pdf'), first)
  for (const word of ['2', root.slice(0, 4), root.toUpperCase(), root])
    assert.equal(chosenRecord(RECORDS, word, 'p.pdf'), second, word)
  assert.equal(chosenRecord(RECORDS, '3', 'p.pdf').manifest, null)
})

test('should list them where none, or more than one, is meant', () => {
  const cases: [asked: string | undefined, message: RegExp][] = [
    [undefined, /^has 3 records$/],
    ['4', /no record in it is "4"/],
    ['0', /no record/],
    ['', /no record/],
    [`${root}0`, /no record/],
    [root.slice(0, 3), /no record/],
  ]
  for (const [asked, message] of cases)
    assert.throws(() => chosenRecord(RECORDS, asked, 'p.pdf'), {
      code: 'usage',
      message,
      remedy: /1 factorial.*; 2 .*; 3 2\ufffd\.json \(cannot be read\)/,
    })
  const twice = [first, { ...first, number: 2 }]
  const same = first.manifest!.results.root.slice(0, 8)
  assert.throws(() => chosenRecord(twice, same, 'p.pdf'), { message: /more than one record/ })
})
