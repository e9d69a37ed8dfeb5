/** The reduction of angles: both ways of it against one another, and what they must not lose. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { reduce, rest } from '../../../lib/math/reduce.ts'

/** π/2 · 2^200, and a double times 2^100, as integers. */
const HALF_PI = 0x1921fb54442d18469898cc51701b839a252049c1114cf98e804n
const scaled = (x: number) => BigInt(Math.trunc(x * 2 ** 100))

test('should leave what is left, small and large alike', () => {
  const angle = fc.oneof(
    fc.double({ min: 0.8, max: 1e6, noNaN: true }),
    fc.double({ min: 1.7e6, max: 1e15, noNaN: true }),
  )
  fc.assert(
    fc.property(angle, fc.boolean(), (size, negative) => {
      const x = negative ? -size : size
      const quarters = reduce(x)
      const [high, low] = [rest[0]!, rest[1]!]
      assert.ok(Math.abs(high) <= 0.7853982 && Math.abs(low) <= Math.abs(high) * 2 ** -52)
      // the same in integers: what was taken off must be a whole number of right angles, and that number modulo 4
      const off = (scaled(x) << 100n) - (scaled(high) << 100n) - (scaled(low) << 100n)
      const taken = (2n * off + (off < 0n ? -HALF_PI : HALF_PI)) / (2n * HALF_PI)
      const lost = Number(off - taken * HALF_PI) / 2 ** 200
      assert.ok(Math.abs(lost) < Math.abs(high) * 2 ** -66 + 2 ** -99, `${x}: ${lost}`)
      assert.equal(Number(BigInt.asUintN(2, taken)), quarters)
    }),
    { numRuns: 1000 },
  )
})

test('should meet the angle that is nearest to a multiple of π/2 among all doubles', () => {
  reduce(6381956970095103 * 2 ** 797)
  assert.ok(Math.abs(rest[0]! / 4.687165924254624e-19 - 1) < 1e-15, String(rest[0]))
})
