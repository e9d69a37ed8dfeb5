/** The fixed inputs are those of the independent program, and lie where they are said to. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { drawDoubles, drawWords, readDoubles } from '../../../lib/fingerprint/draws.ts'
import { outputs } from '../../../lib/fingerprint/outputs.ts'
import { GOLDEN } from '../../golden/vectors.ts'

const golden: { words: string } = JSON.parse(readFileSync(new URL('fingerprint.json', GOLDEN), 'utf8'))

test('should draw the words that the independent program draws', () => {
  const out = outputs()
  out.numbers(drawWords())
  assert.equal(out.digest(), golden.words)
})

test('should put doubles of the asked magnitudes together, of either sign where asked', () => {
  const words = drawWords()
  const signed = drawDoubles(words, 0, 200, { low: -4, high: 4, signed: true })
  assert.ok(signed.every((x) => Math.abs(x) >= 2 ** -4 && Math.abs(x) < 2 ** 4))
  assert.ok(signed.some((x) => x < 0) && signed.some((x) => x > 0))
  assert.equal(new Set(signed).size, 200)
  const exponents = new Set(signed.map((x) => Math.floor(Math.log2(Math.abs(x)))))
  assert.equal(exponents.size, 8)
  assert.ok(
    drawDoubles(words, 0, 200, { low: 0, high: 1024, signed: false }).every((x) => x >= 1 && x < Infinity),
  )
  const small = drawDoubles(words, 0, 50, { low: -1023, high: -1022, signed: false })
  assert.ok(
    small.every((x) => x > 0 && x < 2 ** -1022),
    'subnormal',
  )
  const once = drawDoubles(words, 0, 3, { low: 0, high: 9, signed: true })
  assert.deepEqual(
    drawDoubles(words, 512, 3, { low: 0, high: 9, signed: true }),
    once,
    'from the beginning again',
  )
})

test('should read doubles from their hex digits', () => {
  const read = readDoubles(['3ff0000000000000 bff8000000000000', '0000000000000001'])
  assert.deepEqual([...read], [1, -1.5, Number.MIN_VALUE])
})
