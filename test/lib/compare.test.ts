/** The first difference of two values, and distances in ulps. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { canonical } from '../../lib/canonical.ts'
import { differences, firstDifference, leafCount, ulpDistance } from '../../lib/compare.ts'
import { decode, type Value } from '../../lib/values.ts'
import { runs, value } from './arbitrary.ts'

test('should find a difference exactly where the canonical texts differ', () => {
  const property = fc.property(value, value, (a, b) => {
    assert.equal(firstDifference(a, decode(JSON.parse(canonical(a))), 'result'), null)
    assert.equal(firstDifference(a, b, 'result') === null, canonical(a) === canonical(b))
  })
  fc.assert(property, runs(500))
})

const cases: Readonly<Record<string, readonly [Value, Value, string, number | null]>> = {
  'a number by its distance': [{ a: 1, b: 0.1 + 0.2 }, { a: 1, b: 0.3 }, 'result.b', 1],
  'the first key in canonical order': [{ z: 1, a: 1 }, { z: 2, a: 2 }, 'result.a', 4503599627370496],
  'an item of an array': [[1, [2, 3]], [1, [2, 4]], 'result[1][1]', 2251799813685248],
  'an item of a typed array': [
    { t: Float64Array.of(1, 2) },
    { t: Float64Array.of(1, -2) },
    'result.t[1]',
    Number(0x8000000000000001n),
  ],
  '0 and -0': [0, -0, 'result', 1],
  'a missing item': [[1, 2], [1], 'result[1]', null],
  'an item too many': [[], [null], 'result[0]', null],
  'a missing key': [{ a: 1, b: 2 }, { a: 1 }, 'result.b', null],
  'a key of a prototype': [{}, { toString: 1 }, 'result.toString', null],
  'array and object': [[], {}, 'result', null],
  'arrays of two types': [Float32Array.of(1), Float64Array.of(1), 'result', null],
  'array and typed array': [[1], Uint8Array.of(1), 'result', null],
  'number and string': [1, '1', 'result', null],
  'number and bigint': [1, 1n, 'result', null],
  'NaN and a number': [Number.NaN, 1, 'result', null],
  'null and an object': [{ a: null }, { a: {} }, 'result.a', null],
}
for (const [name, [left, right, path, ulps]] of Object.entries(cases)) {
  test(`should tell ${name}`, () => {
    const found = firstDifference(left, right, 'result')
    assert.equal(found?.path, path)
    assert.equal(found?.ulps, ulps)
    assert.equal(firstDifference(right, left, 'result')?.path, path, 'whichever comes first')
  })
}

test('should give both values at the place', () => {
  assert.deepEqual(firstDifference({ a: [1] }, { a: [1, 2n] }, 'r'), {
    path: 'r.a[1]',
    left: undefined,
    right: 2n,
    ulps: null,
  })
})

test('should see no difference between the same bits', () => {
  assert.equal(firstDifference({ a: Number.NaN, b: -0, c: 5n }, { c: 5n, b: -0, a: Number.NaN }, 'r'), null)
  assert.equal(firstDifference(Float64Array.of(Number.NaN, -0), Float64Array.of(Number.NaN, -0), 'r'), null)
})

test('should count the doubles between two numbers', () => {
  assert.equal(ulpDistance(1, 1), 0)
  assert.equal(ulpDistance(1, 1 + Number.EPSILON), 1)
  assert.equal(ulpDistance(1 - Number.EPSILON / 2, 1), 1)
  assert.equal(ulpDistance(0, 5e-324), 1)
  assert.equal(ulpDistance(-5e-324, 5e-324), 3, 'with 0 and -0 between')
  assert.equal(ulpDistance(1, 2), 2 ** 52)
  for (const odd of [Number.NaN, Number.POSITIVE_INFINITY, '1', 1n, null, undefined]) {
    assert.equal(ulpDistance(1, odd), null)
    assert.equal(ulpDistance(odd, 1), null)
  }
})

test('should count one step for each next double', () => {
  const bits = fc.bigInt({ min: 0n, max: 0x7fef_ffff_ffff_fffen })
  const double = (n: bigint) => new Float64Array(BigUint64Array.of(n).buffer)[0]!
  const property = fc.property(
    bits,
    fc.integer({ min: 0, max: 1000 }),
    fc.constantFrom(0n, 1n << 63n),
    (n, steps, sign) => {
      const end = n + BigInt(steps) > 0x7fef_ffff_ffff_ffffn ? n : n + BigInt(steps)
      assert.equal(ulpDistance(double(n | sign), double(end | sign)), Number(end - n))
    },
  )
  fc.assert(property, runs(300))
})

test('should give every difference in canonical order, the first of them first', () => {
  const left = { z: 1, list: [1, 2, 3], same: 'x', deep: { t: Float64Array.of(0, 1) } }
  const right = { z: 2, list: [1, 0, 3, 4], same: 'x', deep: { t: Float64Array.of(0, 2) } }
  const paths = [...differences(left, right, 'r')].map(({ path }) => path)
  assert.deepEqual(paths, ['r.deep.t[1]', 'r.list[1]', 'r.list[3]', 'r.z'])
  const property = fc.property(value, value, (a, b) => {
    assert.deepEqual([...differences(a, b, 'r')][0] ?? null, firstDifference(a, b, 'r'))
  })
  fc.assert(property, runs(300))
})

test('should count the values in a value', () => {
  assert.deepEqual(
    [leafCount(1), leafCount(null), leafCount('abc'), leafCount([]), leafCount({})],
    [1, 1, 1, 0, 0],
  )
  assert.equal(leafCount({ a: [1, [2, 3]], b: new Float64Array(10), c: { d: true } }), 14)
})
