/** The operator as a function: what it does with everything, and its errors, are the operator's. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pow } from '../../../lib/math/pow.ts'
import { power } from '../../../lib/math/power.ts'

const operator = (a: unknown, b: unknown) => (a as number) ** (b as number)

test('should be exact on BigInts', () => {
  assert.equal(power(2n, 64n), 18446744073709551616n)
  assert.equal(power(-3n, 3n), -27n)
  assert.equal(power(Object(2n), 3n), 8n)
})

test('should convert as the operator does', () => {
  const called: string[] = []
  const noting = (name: string, value: unknown) => ({
    valueOf: () => {
      called.push(name)
      return value
    },
  })
  assert.equal(power(noting('base', 3), noting('exponent', '2')), 9)
  assert.deepEqual(called, ['base', 'exponent'])
  for (const [a, b] of [
    ['2', true],
    [null, 0],
    [undefined, 1],
    [[3], 2],
    [-0, 3],
    [new Date(2), 2],
    [{}, 1],
  ])
    assert.ok(Object.is(power(a, b), operator(a, b)), `${String(a)} ** ${String(b)}`)
  assert.equal(power(1.7, 3.3), pow(1.7, 3.3))
})

test('should fail as the operator does', () => {
  for (const [a, b] of [
    [2n, -1n],
    [2n, 2],
    [2, 2n],
    ['2', 2n],
    [Symbol('s'), 1],
    [1, Symbol('s')],
    [Object.create(null), 1],
  ]) {
    let expected: unknown
    try {
      operator(a, b)
    } catch (error) {
      expected = error
    }
    assert.ok(expected instanceof Error)
    assert.throws(() => power(a, b), { name: expected.name, message: expected.message })
  }
})
