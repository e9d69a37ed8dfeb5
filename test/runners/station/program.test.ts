/** The station's program: the same bytes wherever Reprise lies, one file that runs on nothing but Node. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { ROOT } from '../../../lab/installed.ts'
import { stationProgram } from '../../../runners/station/program.ts'
import { quote } from '../../../runners/station/script.ts'
import { digestOf } from '../../conformance/workshop.ts'

test('should be one file that names no place and wants nothing but Node', () => {
  const { bytes, sha256, boot } = stationProgram()
  assert.equal(digestOf(bytes), sha256)
  for (const text of [bytes.toString('utf8'), boot]) {
    assert.ok(!text.includes(ROOT) && !/\bnode_modules\b|\.node["']/.test(text))
    for (const [, name] of text.matchAll(/\bfrom"([^"]+)"|\bimport\("([^"]+)"\)/g))
      assert.match(name ?? 'node:', /^node:/)
  }
})

test('should quote any word for a POSIX shell', () => {
  const words = [
    '',
    "'",
    "''",
    `a'b"c`,
    '$(touch PWN)`x`',
    'a\nb\n',
    '\\',
    '-n',
    '*?~!{a,b}',
    'ž😀',
    '\x01\x7f\t',
  ]
  const script = `printf '%s\\0' ${words.map(quote).join(' ')}`
  for (const shell of ['dash', 'bash', 'sh'])
    assert.equal(
      execFileSync(shell, { input: script, encoding: 'utf8' }),
      words.map((word) => `${word}\0`).join(''),
    )
})
