/** The epidemic example against theory: a wrong model would run just as smoothly as the right one. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import epidemic from '../../examples/epidemic.ts'
import { chunkBytes, resultsAt } from './execute.ts'
import { assertMean, finalSize, type Setting, transmissibility } from './theory.ts'

const INITIAL = 10
const SETTINGS: readonly (Setting & { readonly regime: string })[] = [
  { infect: 0.05, remove: 0.8, nodes: 100_000, degree: 8, regime: 'below the threshold' },
  { infect: 0.05, remove: 0.6, nodes: 100_000, degree: 8, regime: 'below the threshold' },
  { infect: 0.05, remove: 0.2, nodes: 100_000, degree: 8, regime: 'above the threshold' },
  { infect: 0.15, remove: 0.6, nodes: 100_000, degree: 8, regime: 'above the threshold' },
  { infect: 0.25, remove: 0.2, nodes: 100_000, degree: 8, regime: 'above the threshold' },
]

for (const { regime, ...setting } of SETTINGS) {
  const { infect, remove } = setting
  test(`infect ${infect}, remove ${remove} (${regime}): the mean final size is the theory's`, async () => {
    assert.equal(regime, 8 * transmissibility(setting) < 1 ? 'below the threshold' : 'above the threshold')
    const results = await resultsAt(epidemic, (point) => point.infect === infect && point.remove === remove)
    assert.equal(results.length, 20)
    assertMean(
      results.map((result) => result.removed),
      finalSize(setting, INITIAL),
      'mean number of removed',
    )
  })
}

test('the settings above are points of the example', () => {
  for (const { infect, remove } of SETTINGS) {
    const design = JSON.stringify(epidemic.document.design)
    assert.ok(design.includes(String(infect)) && design.includes(String(remove)))
  }
})

test('the theory itself: a textbook value and the limits', () => {
  // z·T = 2 with nobody to start with: S = 0.7968121300200200 solves S = 1 - exp(-2 S).
  const double = { infect: 0.25, remove: 1, nodes: 1, degree: 8 }
  assert.ok(Math.abs(finalSize(double, 0) - 0.79681213002002) < 1e-12)
  assert.equal(transmissibility({ ...double, infect: 1 }), 1)
  assert.equal(transmissibility({ ...double, infect: 0 }), 0)
})

test('a chunk executed twice has the same bytes', async () => {
  assert.deepEqual(await chunkBytes(epidemic, 7), await chunkBytes(epidemic, 7))
})

test('two repetitions differ, in one chunk and across chunks', async () => {
  const results = await resultsAt(epidemic, (point) => point.infect === 0.25 && point.remove === 0.8)
  assert.equal(new Set(results.map((result) => JSON.stringify(result))).size, results.length)
})
