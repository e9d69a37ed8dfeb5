/** `map(fn, items)`: one job an item, in order, each with its own stream. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chunkPlace, parseChunk } from '../../lib/chunk.ts'
import { chunkCount, experimentHash } from '../../lib/document.ts'
import { executeChunk } from '../../lib/execute.ts'
import { isExperiment } from '../../lib/experiment.ts'
import { type MapContext, map } from '../../lib/map.ts'
import { ports } from './ports.ts'
import { refused } from './refusal.ts'

test('should describe one job an item, named for the function', () => {
  const made = map(
    function double(n: number) {
      return 2 * n
    },
    [3, 4],
  )
  assert.ok(isExperiment(made))
  assert.equal(made.document.name, 'double')
  assert.equal(made.document.chunk, 1)
  assert.equal(made.document.repetitions, 1)
  assert.deepEqual(made.document.design, { points: [{ item: 3 }, { item: 4 }] })
  assert.equal(map((n) => n, [1]).document.name, 'map')
  assert.equal(map((n) => n, [1], { name: 'own', seed: 's', random: 'alea' }).document.name, 'own')
})

test('should give results in the order of the items, and each item other random numbers', async () => {
  const items = ['a', { b: [1] }, null, 5]
  const made = map(
    (item: unknown, { random, seed }: MapContext<unknown>) => ({ item, draw: random(), seed }),
    items,
  )
  const results: { item: unknown; draw: number; seed: string }[] = []
  for (let i = 0; i < chunkCount(made.document); i++) {
    const { bytes } = await executeChunk(made.document, experimentHash(made.document), made.work!, i, ports())
    const record = parseChunk(bytes, chunkPlace(made.document, i))
    assert.ok('jobs' in record && 'result' in record.jobs[0]!)
    results.push(record.jobs[0].result as never)
  }
  assert.deepEqual(
    results.map(({ item }) => item),
    items,
  )
  assert.equal(new Set(results.map(({ draw }) => draw)).size, items.length)
  assert.equal(new Set(results.map(({ seed }) => seed)).size, items.length)
})

test('should refuse what cannot be mapped', () => {
  refused(() => map((n) => n, []), 'invalid-experiment', { subject: 'map', says: 'no items' })
  refused(() => map((n) => n, 'abc' as never), 'invalid-experiment', { subject: 'map', says: 'not an array' })
  refused(() => map('f' as never, [1]), 'invalid-experiment', { subject: 'map', says: 'not a function' })
  refused(() => map((n) => n, [1, Number.NaN]), 'invalid-experiment', {
    subject: 'parameters.points[1].item',
  })
  refused(() => map((n) => n, new Array(2)), 'invalid-experiment', { says: 'undefined' })
  refused(() => map((n) => n, [1], { repetitions: 5 } as never), 'invalid-experiment', {
    subject: 'repetitions',
  })
})
