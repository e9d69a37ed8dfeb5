/** A QR code as rules: the very modules of the code, each once; test/cli/paper.test.ts has one read from a page. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encode } from 'uqr'
import { qrPicture } from '../../../provenance/exports/qr-picture.ts'

test('should draw every dark module and no light one', () => {
  const text = `https://doi.org/10.5281/zenodo.1#root=${'ab'.repeat(32)}`
  const { data, size } = encode(text, { ecc: 'M', border: 2 })
  const lines = qrPicture(text, '25mm')
  assert.equal(lines[0], `{\\setlength{\\unitlength}{\\dimexpr25mm/${size}\\relax}%`)
  const drawn = data.map((row) => row.map(() => 0))
  for (const line of lines) {
    const rule = /^ {2}\\put\((\d+),(\d+)\)\{\\rule\{([\d.]+)\\unitlength\}\{1\.02\\unitlength\}\}%$/.exec(
      line,
    )
    if (rule === null) continue
    const [x, y, length] = rule.slice(1).map((number) => Math.floor(Number(number))) as [
      number,
      number,
      number,
    ]
    for (let i = 0; i < length; i++) drawn[size - 1 - y]![x + i]!++
  }
  assert.deepEqual(
    drawn,
    data.map((row) => row.map(Number)),
  )
  assert.ok(data.flat().filter(Boolean).length > 400)
})
