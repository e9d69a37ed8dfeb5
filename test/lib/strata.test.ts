/** Draws from strata: Python's; each stratum its part; each chunk of a stratum alike. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { utf8 } from '../../lib/digest.ts'
import { drawSample } from '../../lib/sample.ts'
import {
  allocate,
  drawnOf,
  drawStratified,
  engineStrata,
  pointStrata,
  type Stratum,
  stratumSize,
} from '../../lib/strata.ts'
import { unhex, vectors } from '../golden/vectors.ts'
import { runs } from './arbitrary.ts'
import { refused } from './refusal.ts'

test('should not change its output except for a new format', () => {
  assert.ok(vectors.strata.length >= 40)
  for (const { strata, k, entropy, drawn } of vectors.strata)
    assert.deepEqual(drawStratified(strata, k, unhex(entropy)), drawn, JSON.stringify({ strata, k }))
})

test('should give every stratum one, the rest in proportion, and none more than it has', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 12 })
  const property = fc.property(sizes, fc.nat(800), (sizes, more) => {
    const total = sizes.reduce((sum, size) => sum + size, 0)
    const k = sizes.length + more
    const counts = allocate(k, sizes)
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      Math.min(k, total),
    )
    for (const [i, count] of counts.entries()) {
      assert.ok(count >= 1 && count <= sizes[i]!)
      const quota = k >= total ? sizes[i]! : 1 + (more * (sizes[i]! - 1)) / (total - sizes.length || 1)
      assert.ok(Math.abs(count - quota) < 1, `${count} for ${quota}`)
    }
  })
  fc.assert(property, runs(300))
  assert.deepEqual(allocate(7, [4, 4, 4, 4, 4]), [2, 2, 1, 1, 1], 'ties go to the first')
  refused(() => allocate(4, [9, 9, 9, 9, 9]), 'usage', { says: /4 chunks .* 5 strata/ })
})

test('should draw what drawSample draws where there is one stratum', () => {
  for (const k of [1, 5, 29, 30])
    assert.deepEqual(drawStratified([[[0, 29]]], k, utf8('x')), drawSample(30, k, utf8('x')))
})

test('should draw each chunk of a stratum about equally often, whatever the other strata are', () => {
  const strata: Stratum[] = [
    [
      [0, 2],
      [9, 11],
    ],
    [[3, 8]],
    [[12, 12]],
  ]
  const counts = new Array<number>(13).fill(0)
  const draws = 6000
  for (let i = 0; i < draws; i++) {
    const drawn = drawStratified(strata, 5, utf8(`draw ${i}`))
    assert.deepEqual(drawnOf(strata, drawn), [
      { chunks: 6, drawn: 2 },
      { chunks: 6, drawn: 2 },
      { chunks: 1, drawn: 1 },
    ])
    for (const chunk of drawn) counts[chunk]!++
  }
  for (const count of counts.slice(0, 12)) assert.ok(Math.abs(count - draws / 3) < 200, `${counts}`)
  assert.equal(counts[12], draws)
})

test('should make a stratum of each point, and of each environment', () => {
  const document = vectors.experiments[0]!.document // 6 points of 7 repetitions in threes
  assert.deepEqual(pointStrata(document).slice(0, 2), [[[0, 2]], [[3, 5]]])
  assert.equal(
    pointStrata(document).reduce((sum, stratum) => sum + stratumSize(stratum), 0),
    18,
  )
  const environments = [
    {
      ranges: [
        [1, 3],
        [6, 6],
      ],
    },
    {
      ranges: [
        [0, 0],
        [4, 5],
      ],
    },
  ] as const
  assert.deepEqual(engineStrata(environments, 7), [
    [
      [1, 3],
      [6, 6],
    ],
    [
      [0, 0],
      [4, 5],
    ],
  ])
  assert.deepEqual(engineStrata([{}], 7), [[[0, 6]]], 'one environment executed all')
})

test('should refuse environments that do not tell, or contradict themselves', () => {
  for (const silent of [
    undefined,
    [],
    [{ ranges: [[0, 1]] }, {}],
    [{ ranges: null }, { ranges: null }],
  ] as const)
    refused(() => engineStrata(silent as never, 2), 'not-found')
  const wrong: Stratum[][] = [
    [[[0, 1]], [[3, 4]]],
    [[[0, 2]], [[2, 4]]],
    [[[0, 2]], [[3, 5]]],
    [[[0, 2]], [[3, 3]]],
    [[[1, 2]], [[3, 4]]],
    [[[2, 0]], [[3, 4]]],
    [
      [
        [3, 4],
        [0, 0],
      ],
      [[1, 2]],
    ],
    [[[0, 4]], []],
    [[[0, 1e300]], [[3, 4]]],
  ]
  for (const strata of wrong)
    refused(
      () =>
        engineStrata(
          strata.map((ranges) => ({ ranges })),
          5,
        ),
      'not-intact',
    )
})
