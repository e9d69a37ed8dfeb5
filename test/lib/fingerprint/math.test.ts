/** Digests of Math's functions: their arguments and order are those of the independent program. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { drawWords } from '../../../lib/fingerprint/draws.ts'
import {
  exactDigest,
  functionDigest,
  type NumberFunction,
  OPEN_FUNCTIONS,
} from '../../../lib/fingerprint/math.ts'
import { GOLDEN } from '../../golden/vectors.ts'

const golden: { quotients: Record<string, string> } = JSON.parse(
  readFileSync(new URL('fingerprint.json', GOLDEN), 'utf8'),
)
const words = drawWords()

test('should call each function with the arguments of the independent program, in its order', () => {
  const quotient: NumberFunction = (...numbers) =>
    numbers.length === 1 ? numbers[0]! / 3 : numbers.reduce((a, b) => a / b)
  const made = Object.fromEntries(OPEN_FUNCTIONS.map((name) => [name, functionDigest(name, quotient, words)]))
  assert.deepEqual(made, golden.quotients)
})

test('should call functions in their domain, where results are neither NaN nor mostly infinite or 0', () => {
  for (const name of OPEN_FUNCTIONS) {
    const results: number[] = []
    const kept: NumberFunction = (...numbers) => {
      const result = (Math[name] as NumberFunction)(...numbers)
      results.push(result)
      return result
    }
    functionDigest(name, kept, words)
    assert.ok(results.length >= 112, name)
    const odd = results.filter((x) => x === 0 || !Number.isFinite(x)).length
    assert.ok(odd <= results.length / 5, `${name}: ${odd} of ${results.length} are 0 or infinite`)
    assert.ok(!results.some(Number.isNaN), `${name} gives NaN`)
  }
})

test('should digest the exact functions to what they are everywhere', () => {
  assert.equal(exactDigest(Math, words), 'd322e190e383ea23')
})
