/** What goes into a digest: the bytes of numbers and texts, in order, however many. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { outputs } from '../../../lib/fingerprint/outputs.ts'

const digestOf = (...parts: readonly Uint8Array[]) =>
  createHash('sha256').update(Buffer.concat(parts)).digest('hex').slice(0, 16)

test('should digest numbers as little-endian doubles with one NaN, and texts as lines', () => {
  const out = outputs()
  out.number(1.5)
  out.text('ä')
  out.numbers([-0, new Float64Array(new BigUint64Array([0xfff8_0000_0000_0001n]).buffer)[0]!])
  const bytes = ['000000000000f83f', 'c3a40a', '0000000000000080', '000000000000f87f']
  assert.equal(out.digest(), digestOf(Buffer.from(bytes.join(''), 'hex')))
  assert.equal(outputs().digest(), digestOf())
})

test('should keep everything when there is much of it', () => {
  const out = outputs()
  const parts: Buffer[] = []
  for (let i = 0; i < 3000; i++) {
    out.number(i)
    out.text('x'.repeat(i % 50))
    const double = Buffer.alloc(8)
    double.writeDoubleLE(i)
    parts.push(double, Buffer.from(`${'x'.repeat(i % 50)}\n`))
  }
  out.text('y'.repeat(500_000))
  assert.equal(out.digest(), digestOf(...parts, Buffer.from(`${'y'.repeat(500_000)}\n`)))
})
