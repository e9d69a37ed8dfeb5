/** Steps between values of any size, and whether one side scatters more. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exactStep, ordinals, spreadSteps } from '../../../lib/statistics/paired-spread.ts'

test('should step from one bigint to its neighbour, however large', () => {
  const large = 2n ** 60n
  assert.deepEqual([exactStep(large, large + 1n), exactStep(large + 1n, large)], [1, -1])
  assert.ok(exactStep(2 ** 60, large + 1n) > 0, 'numbers and bigints are compared exactly')
  assert.equal(exactStep(2, 2n), 0)
  assert.equal(exactStep(Number.NaN, 1), Number.NEGATIVE_INFINITY)
})

test('should tell which side lies farther from the middle of both', () => {
  const base = [0.1, 0.2, 0.3, 0.4]
  const wide = base.map((x, i) => [x, x + (i % 2 === 0 ? 1000 : -1000)] as const)
  assert.ok(spreadSteps(wide)!.every((step) => step > 900))
  assert.ok(spreadSteps(wide.map(([a, b]) => [b, a] as const))!.every((step) => step < -900))
  const bigints = wide.map(([a, b]) => [BigInt(Math.round(a * 10)), BigInt(Math.round(b * 10))] as const)
  assert.ok(spreadSteps(bigints)!.every((step) => step > 9000))
  assert.ok(spreadSteps([...wide, [1, Number.NaN]])!.every((step) => step > 0))
})

test('should have nothing to tell of two values, or where distances are the same', () => {
  assert.equal(spreadSteps([[0, 1], [1, 0], [0, 0]]), null) // biome-ignore format: pairs
  assert.equal(spreadSteps([[-1, 1], [0, 0], [2, -2]]), null) // biome-ignore format: pairs
})

test('should number values by their order', () => {
  assert.deepEqual(ordinals([2n ** 60n + 1n, 2n ** 60n, 5, 2n ** 60n, 5n]), [2, 1, 0, 1, 0])
})
