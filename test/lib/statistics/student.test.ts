/** Student's t against tables, and the two ways of computing it against each other. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { t95, within, Z95 } from '../../../lib/statistics/student.ts'

/** By mpmath, 50 digits: the t with two-sided probability 0.95. */
const KNOWN: readonly (readonly [freedom: number, t: number])[] = [
  [1, 12.7062047361747],
  [2, 4.30265272974946],
  [3, 3.18244630528371],
  [4, 2.77644510519779],
  [5, 2.57058183563632],
  [10, 2.22813885198627],
  [29, 2.0452296421327],
  [30, 2.04227245630124],
  [100, 1.98397151852355],
  [399, 1.96592729592088],
  [400, 1.96591234322946],
  [999, 1.96234146113345],
  [10000, 1.96020123989063],
]

test('should find the t of every table', () => {
  for (const [freedom, t] of KNOWN)
    assert.ok(Math.abs(t95(freedom) - t) < 1e-9 * t, `${freedom}: ${t95(freedom)}`)
})

test('should be near enough where the expansion takes over', () => {
  for (const freedom of [400, 401, 999]) assert.ok(Math.abs(within(t95(freedom), freedom) - 0.95) < 1e-12)
})

test('should come down to the normal distribution', () => {
  assert.ok(Math.abs(t95(1e9) - Z95) < 1e-8)
  for (let freedom = 1; freedom < 420; freedom++) assert.ok(t95(freedom) > t95(freedom + 1))
})
