/** The hard arguments: sixteen calls for each function, all different, all in its domain. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readDoubles } from '../../../lib/fingerprint/draws.ts'
import { HARD } from '../../../lib/fingerprint/hard.ts'
import { type NumberFunction, OPEN_FUNCTIONS } from '../../../lib/fingerprint/math.ts'

test('should have sixteen calls for each function', () => {
  assert.deepEqual(Object.keys(HARD), [...OPEN_FUNCTIONS])
  for (const name of OPEN_FUNCTIONS) {
    const width = ['atan2', 'hypot', 'pow'].includes(name) ? 2 : 1
    const numbers = [...readDoubles(HARD[name])]
    assert.equal(numbers.length, 16 * width, name)
    const calls = Array.from({ length: 16 }, (_, k) => numbers.slice(width * k, width * (k + 1)))
    assert.equal(new Set(calls.map(String)).size, 16, name)
    for (const call of calls)
      assert.ok(Number.isFinite((Math[name] as NumberFunction)(...call)), `${name}(${call})`)
  }
})
